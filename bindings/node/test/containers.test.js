'use strict';
/* containers.test.js: the libraries that open containers are those that they
 * were linked with, and not what Node exports by the same names. */
const assert = require('node:assert/strict');
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const zlib = require('node:zlib');

const { secscan, token, temporary } = require('./fixtures.js');

const MAKE = `
import sqlite3, sys, tarfile, zipfile
text, folder = sys.argv[1], sys.argv[2]
open(folder + '/a.env', 'w').write(text)
with zipfile.ZipFile(folder + '/a.zip', 'w', zipfile.ZIP_DEFLATED) as z:
    z.write(folder + '/a.env', 'a.env')
for kind in ('gz', 'bz2', 'xz'):
    with tarfile.open(folder + '/a.tar.' + kind, 'w:' + kind) as t:
        t.add(folder + '/a.env', 'a.env')
with sqlite3.connect(folder + '/a.db') as db:
    db.execute('create table t (x text)')
    db.execute('insert into t values (?)', (text,))
`;

/* A file with one page, whose text is deflated. */
function pdf(text) {
  const drawn = zlib.deflateSync(`BT /F1 12 Tf 72 720 Td (${text}) Tj ET`);
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R ' +
      '/Resources << /Font << /F1 5 0 R >> >> >>',
    Buffer.concat([Buffer.from(`<< /Length ${drawn.length} /Filter /FlateDecode >>\nstream\n`),
                   drawn, Buffer.from('\nendstream')]),
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let out = Buffer.from('%PDF-1.4\n');
  const at = objects.map((object, i) => {
    const from = out.length;
    out = Buffer.concat([out, Buffer.from(`${i + 1} 0 obj\n`), Buffer.from(object),
                         Buffer.from('\nendobj\n')]);
    return `${String(from).padStart(10, '0')} 00000 n \n`;
  });
  const table = `xref\n0 6\n0000000000 65535 f \n${at.join('')}` +
    `trailer << /Size 6 /Root 1 0 R >>\nstartxref\n${out.length}\n%%EOF\n`;
  return Buffer.concat([out, Buffer.from(table)]);
}

/* Its memory would be libc's to free. */
test('where malloc is another one, containers are opened, too', () => {
  const [library] = execFileSync('ldconfig', ['-p'], { encoding: 'utf8' })
    .match(/\/\S+libjemalloc\.so\.2/) ?? [];
  assert.ok(library, 'libjemalloc is not there: run script/bootstrap --test');
  const done = spawnSync(process.execPath, ['--test-name-pattern', 'is opened', __filename],
                         { env: { ...process.env, LD_PRELOAD: library }, encoding: 'utf8' });
  assert.equal(done.status, 0, done.stdout + done.stderr);
  assert.match(done.stdout, /pass 6\n/);
});

for (const name of ['a.zip', 'a.tar.gz', 'a.tar.bz2', 'a.tar.xz', 'a.db', 'a.pdf']) {
  test(`${name} is opened`, async (t) => {
    const cwd = temporary(t);
    execFileSync('python3', ['-c', MAKE, `key = "${token()}"\n`, cwd]);
    fs.writeFileSync(path.join(cwd, 'a.pdf'), pdf(`key = "${token()}"`));
    const bytes = fs.readFileSync(path.join(cwd, name));
    const found = await secscan.scan(bytes, { name });
    assert.ok(found.some((f) => f.secret.toString() === token() && f.place.isMember),
              `${found.length} findings`);
  });
}
