'use strict';
/* conformance.test.js: each case of the suite that all bindings share gives
 * the same lines as C, byte for byte; and none of its secrets passes a filter. */
const assert = require('node:assert/strict');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { Readable } = require('node:stream');
const { test } = require('node:test');

const { secscan } = require('./fixtures.js');
const { SecretFilter } = secscan;

const SUITE = process.env.SECSCAN_CONFORMANCE;
/* As the suite was written: a notebook is the text that it is. */
const scanner = new secscan.Scanner({ containers: false });

function lineOf({ rule, place, severity, evidence, confidence, fingerprint, secret }) {
  const shown = {
    rule, path: place.path, line_start: place.lineStart, column_start: place.columnStart,
    line_end: place.lineEnd, column_end: place.columnEnd, offset: place.offset,
    severity, evidence, confidence, fingerprint,
    secret_sha256: createHash('sha256').update(secret).digest('hex'),
    encodings: place.encodings,
  };
  return `${JSON.stringify(shown)}\n`;
}

function read(folder, file) {
  const where = path.join(SUITE, folder, file);
  return fs.existsSync(where) ? fs.readFileSync(where) : null;
}

async function filtered(filter, bytes) {
  const out = [];
  const pieces = [];
  for (let at = 0; at < bytes.length; at += 100) {
    pieces.push(bytes.subarray(at, at + 100));
  }
  for await (const chunk of Readable.from(pieces).pipe(filter)) {
    out.push(chunk);
  }
  return Buffer.concat(out);
}

const cases = fs.readdirSync(SUITE).filter((folder) => read(folder, 'input'));

test('there are cases', () => assert.ok(cases.length > 20));

for (const folder of cases) {
  const input = read(folder, 'input');
  const name = read(folder, 'name')?.toString().trim() ?? 'input';

  test(folder, async () => {
    const expected = read(folder, 'expected.jsonl').toString();
    const found = await scanner.scan(input, { name });
    assert.equal(found.map(lineOf).join(''), expected);
    assert.equal(scanner.scanSync(input, { name }).map(lineOf).join(''), expected);
  });

  test(`${folder}: no secret passes a filter`, async () => {
    const out = await filtered(new SecretFilter({ scanner, name, window: 4096 }), input);
    const passed = scanner.scanSync(out, { name }).map(({ secret }) => secret.toString('latin1'));
    const secrets = scanner.scanSync(input, { name }).filter(({ secret }) => secret.length > 0)
      .map(({ secret }) => secret.toString('latin1'));
    assert.deepEqual(passed.filter((one) => secrets.includes(one)), []);
  });
}
