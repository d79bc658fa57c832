'use strict';
const assert = require('node:assert/strict');
const { test } = require('node:test');
const { inspect } = require('node:util');
const vm = require('node:vm');
const zlib = require('node:zlib');

const { secscan, token } = require('./fixtures.js');
const { Scanner, Rules, SecscanError, IncompleteScanError } = secscan;

const TEXT = `first line\nkey = "${token()}"\n`;

test('a buffer, a string and a view give the same finding', async () => {
  const bytes = Buffer.from(TEXT);
  const forms = [TEXT, bytes, new Uint8Array(bytes), new Uint8Array(bytes).buffer,
                 new DataView(new Uint8Array(bytes).buffer)];
  for (const form of forms) {
    const [finding, ...more] = await secscan.scan(form);
    assert.equal(more.length, 0);
    assert.equal(finding.secret.toString(), token());
    assert.deepEqual(secscan.scanSync(form), [finding]);
  }
});

test('a finding says what, where and how sure', () => {
  const [finding] = secscan.scanSync(TEXT, { name: 'src/app.env' });
  assert.equal(finding.rule, 'github-pat-classic');
  assert.equal(finding.evidence, 'checksum');
  assert.equal(finding.gates, true);
  assert.match(finding.fingerprint, /^s1:[0-9a-f]{24}$/);
  assert.equal(finding.place.path, 'src/app.env');
  assert.equal(finding.place.lineStart, 2);
  assert.equal(finding.place.columnStart, 8);
  assert.equal(finding.place.offset, TEXT.indexOf('ghp_'));
  assert.equal(finding.line.toString('utf8', finding.secretAt,
                                     finding.secretAt + 40), token());
  assert.deepEqual(finding.place.encodings, []);
});

test('what is encoded is found at the place of its text', () => {
  const encoded = Buffer.from(`key=${token()}`).toString('base64');
  const [finding] = secscan.scanSync(`data: ${encoded}\n`);
  assert.deepEqual(finding.place.encodings, ['base64']);
  assert.equal(finding.secret.toString(), token());
  assert.ok(encoded.includes(finding.encoded.toString()));
});

test('printed or as JSON, a finding is masked', () => {
  const [finding] = secscan.scanSync(TEXT);
  const shown = [JSON.stringify(finding), inspect(finding), `${inspect([finding])}`];
  for (const text of shown) {
    assert.ok(!text.includes(token().slice(8)));
    assert.match(text, /ghp_\*{36}/);
  }
});

test('nothing that goes through what a finding has meets its secret', () => {
  const key = `AKIA${(token(9) + token(6)).toUpperCase().replace(/[^A-Z2-7]/g, '').slice(3, 19)}`;
  const text = `${TEXT}aws_access_key_id = ${key}\naws_secret_access_key = ` +
    `${token(7).slice(4)}${token(8).slice(4, 8)}\n`;
  const findings = secscan.scanSync(text);
  assert.ok(findings.some((finding) => finding.parts.length > 0));
  for (const object of findings.flatMap((finding) => [finding, ...finding.parts])) {
    const names = ['secret', 'match', 'encoded', 'line'];
    assert.ok(object.secret.length > 0);
    assert.deepEqual(Object.keys(object).filter((name) => names.includes(name)), []);
    assert.doesNotMatch(inspect(object, { customInspect: false, depth: 9 }), /Buffer|Uint8Array/);
  }
});

test('nothing is an empty list', async () => {
  assert.deepEqual(await secscan.scan('nothing here'), []);
  assert.deepEqual(secscan.scanSync(''), []);
});

test('the buffer may be written to while it is scanned', async () => {
  const bytes = Buffer.from(TEXT.repeat(100));
  const scan = secscan.scan(bytes);
  bytes.fill(0);
  assert.equal((await scan).length, 100);
});

test('what is detached or cut off is an error, and not empty', async () => {
  const isArgument = { code: 'SECSCAN_ERR_ARG', message: 'data is detached and holds nothing' };
  const makers = [(buffer) => buffer, (buffer) => new Uint8Array(buffer),
                  (buffer) => new DataView(buffer), (buffer) => Buffer.from(buffer)];
  for (const make of makers) {
    const { buffer } = new Uint8Array(Buffer.from(TEXT));
    const data = make(buffer);
    structuredClone(buffer, { transfer: [buffer] });
    assert.throws(() => secscan.scanSync(data), isArgument);
    await assert.rejects(secscan.scan(data), isArgument);
  }
  const empty = [new ArrayBuffer(0), new Uint8Array(0), new DataView(new ArrayBuffer(0)),
                 Buffer.alloc(0), new SharedArrayBuffer(0)];
  empty.forEach((data) => assert.deepEqual(secscan.scanSync(data), []));
});

test('memory that is shared, or of another realm, is scanned', async () => {
  const bytes = Buffer.from(new SharedArrayBuffer(TEXT.length));
  bytes.write(TEXT);
  const foreign = vm.runInNewContext('new ArrayBuffer(length)', { length: TEXT.length });
  Buffer.from(foreign).write(TEXT);
  for (const data of [bytes, bytes.buffer, new Uint8Array(bytes.buffer), foreign]) {
    assert.equal(secscan.scanSync(data).length, 1);
    assert.equal((await secscan.scan(data)).length, 1);
  }
});

test('many scans at once do not disturb each other', async () => {
  const scanner = new Scanner();
  const scans = Array.from({ length: 200 }, (_, i) => scanner.scan(`k="${token(i)}"`));
  const found = await Promise.all(scans);
  found.forEach(([finding], i) => assert.equal(finding.secret.toString(), token(i)));
});

test('a signal ends a scan, before it begins and later', async () => {
  const reason = new Error('enough');
  await assert.rejects(secscan.scan(TEXT, { signal: AbortSignal.abort(reason) }), reason);
  const controller = new AbortController();
  const scan = secscan.scan(TEXT.repeat(20000), { signal: controller.signal });
  controller.abort(reason);
  await assert.rejects(scan, reason);
});

test('a container is opened', async () => {
  const packed = zlib.gzipSync(TEXT);
  const [finding] = await secscan.scan(packed, { name: 'a.gz' });
  assert.equal(finding.secret.toString(), token());
  assert.equal(finding.place.isMember, true);
});

test('what cannot be scanned is an error, unless somebody wants to be told', async () => {
  const cut = zlib.gzipSync(TEXT.repeat(1000)).subarray(0, 60);
  await assert.rejects(secscan.scan(cut, { name: 'a.gz' }), IncompleteScanError);
  const skips = [];
  await secscan.scan(cut, { name: 'a.gz', onSkipped: (skip) => skips.push(skip) });
  assert.ok(skips.some((skip) => skip.isIncomplete));
});

test('options that do not exist, or of another type, are errors', async () => {
  const isArgument = { name: 'SecscanError', code: 'SECSCAN_ERR_ARG' };
  assert.throws(() => new Scanner({ colour: 1 }), isArgument);
  assert.throws(() => new Scanner({ minSeverity: 'loud' }), isArgument);
  assert.throws(() => new Scanner({ fingerprintKey: 'short' }), isArgument);
  assert.throws(() => new Scanner({ fingerprintKey: '' }), isArgument);
  assert.throws(() => new Scanner({ rules: {} }), isArgument);
  assert.throws(() => secscan.scanSync('', { signal: AbortSignal.abort() }), isArgument);
  assert.throws(() => secscan.scanSync(7), isArgument);
  assert.throws(() => secscan.scanSync('', { name: 'a\0b' }), isArgument);
  assert.throws(() => secscan.scanGit('.', { mode: 'all' }), isArgument);
  await assert.rejects(secscan.scan({}), isArgument);
});

test('options reach the library', () => {
  const plain = new Scanner();
  const keyed = new Scanner({ fingerprintKey: 'k'.repeat(32) });
  const few = new Scanner({ notCategories: ['token'] });
  const [one] = plain.scanSync(TEXT);
  const [other] = keyed.scanSync(TEXT);
  assert.notEqual(one.fingerprint, other.fingerprint);
  assert.deepEqual(few.scanSync(TEXT), []);
});

const OWN = `
[[rules]]
id = "own"
description = "Our own"
regex = '''own-[0-9]{8}'''
keywords = ["own-"]
`;

test('own rules are compiled, here or on another thread', async () => {
  for (const rules of [Rules.parseSync(OWN), await Rules.parse(OWN)]) {
    assert.equal(rules.size, 1);
    assert.deepEqual([...rules].map((rule) => rule.id), ['own']);
    const [finding] = new Scanner({ rules }).scanSync(`x = own-${48213907}\n`);
    assert.equal(finding.rule, 'own');
  }
});

test('a text without rules is read as one, with what is joined to it', async () => {
  const absent = { joined: ['/no/such/file.toml'] };
  assert.throws(() => Rules.parseSync('', absent), { code: 'SECSCAN_ERR_IO' });
  await assert.rejects(Rules.parse('', absent), { code: 'SECSCAN_ERR_IO' });
});

test('a wrong rule says where it is wrong', async () => {
  const wrong = OWN.replace('{8}', '{8');
  const isPlace = (error) => {
    assert.ok(error instanceof SecscanError);
    assert.equal(error.code, 'SECSCAN_ERR_RULE');
    assert.ok(error.line > 0 && error.column > 0);
    assert.match(error.message, /^mine:\d+:\d+: /);
    return true;
  };
  const broken = `${OWN}\nregex = [`;
  assert.throws(() => Rules.parseSync(broken, { name: 'mine' }), isPlace);
  await assert.rejects(Rules.parse(broken, { name: 'mine' }), isPlace);
  assert.throws(() => Rules.parseSync(wrong.replace('[0-9]', '[0-9'), { name: 'mine' }),
                SecscanError);
});

test('the built-in rules can be looked at', () => {
  const rules = Rules.builtin();
  assert.ok(rules.size > 100);
  assert.equal(rules.find('github-pat').category, 'token');
  assert.equal(rules.find('no-such-rule'), undefined);
  assert.match(rules.version, /^[0-9a-f]{16}$/);
});

test('an ES module has the same names', async () => {
  const module = await import(require.resolve(process.env.SECSCAN_NODE_PACKAGE));
  assert.equal(typeof module.scan, 'function');
  assert.equal(module.Scanner, Scanner);
});
