'use strict';
const assert = require('node:assert/strict');
const { Readable, Writable } = require('node:stream');
const { pipeline } = require('node:stream/promises');
const { test } = require('node:test');
const zlib = require('node:zlib');

const { secscan, token, numbers } = require('./fixtures.js');
const { SecretFilter, SecretFoundError, IncompleteScanError } = secscan;

/* Small, so that a test's stream has many windows. */
const SMALL = { window: 4096 };

/* What comes out; `size` gives the length of each piece. */
async function through(filter, bytes, size = () => 64 << 10) {
  const pieces = [];
  const out = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + size();
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  const sink = new Writable({
    write(chunk, encoding, done) {
      out.push(chunk);
      done();
    },
  });
  let error = null;
  await pipeline(Readable.from(pieces), filter, sink).catch((e) => { error = e; });
  return { error, out: Buffer.concat(out) };
}

function words(random, n) {
  let text = '';
  while (text.length < n) {
    text += ['the', 'log', 'of', 'a', 'day\n', 'is', 'long\n', 'ok'][random.next().value % 8];
    text += ' ';
  }
  return text;
}

/* A log with `n` secrets, far enough apart. */
function log(n, seed = 1) {
  const random = numbers(seed);
  let text = '';
  for (let i = 0; i < n; i++) {
    text += `${words(random, random.next().value % 4000)}\nkey = "${token(i)}"\n`;
  }
  return Buffer.from(text);
}

/* The same with all of them masked. */
function masked(bytes, n) {
  let text = bytes.toString();
  for (let i = 0; i < n; i++) {
    text = text.replace(token(i), `ghp_${'*'.repeat(36)}`);
  }
  return text;
}

test('secrets are masked wherever the pieces end', async () => {
  const bytes = log(100);
  for (const seed of [1, 2, 3]) {
    const random = numbers(seed);
    const size = () => 1 + random.next().value % 200;
    const { error, out } = await through(new SecretFilter(SMALL), bytes, size);
    assert.equal(error, null);
    assert.equal(out.toString(), masked(bytes, 100));
  }
});

test('one byte at a time', async () => {
  const bytes = log(3);
  const { out } = await through(new SecretFilter(SMALL), bytes, () => 1);
  assert.equal(out.toString(), masked(bytes, 3));
});

test('with the default window, all of a larger stream', async () => {
  const bytes = log(600);
  const { out } = await through(new SecretFilter(), bytes);
  assert.equal(out.toString(), masked(bytes, 600));
});

test('each is told once, with its place in the stream', async () => {
  const bytes = log(60);
  const told = [];
  await through(new SecretFilter({ ...SMALL, onFinding: (f) => told.push(f) }), bytes);
  const whole = secscan.scanSync(bytes);
  assert.equal(told.length, 60);
  assert.deepEqual(told.map((f) => f.place), whole.map((f) => f.place));
});

test('what is put for a secret is up to the caller', async () => {
  const mask = (finding) => `<${finding.rule}>`;
  const { out } = await through(new SecretFilter({ mask }), Buffer.from(`k="${token()}"\n`));
  assert.equal(out.toString(), 'k="<github-pat-classic>"\n');
});

test('encoded secrets are masked as they stand', async () => {
  const encoded = Buffer.from(`key=${token()}`).toString('base64');
  const { error, out } = await through(new SecretFilter(), Buffer.from(`d: ${encoded}\n`));
  assert.equal(error, null);
  assert.deepEqual(secscan.scanSync(out), []);
});

test('a finding about the name alone hides nothing', async () => {
  for (const mode of ['mask', 'reject']) {
    const { error, out } = await through(new SecretFilter({ mode, name: 'id_rsa' }),
                                         Buffer.from('clean\n'));
    assert.deepEqual([error, out.toString()], [null, 'clean\n']);
  }
});

test('a buffer may be used again as soon as it is written', async () => {
  const bytes = log(40);
  const filter = new SecretFilter(SMALL);
  const out = filter.toArray();
  const again = Buffer.alloc(1000);
  for (let at = 0; at < bytes.length; at += again.length) {
    const n = bytes.copy(again, 0, at);
    await new Promise((resolve) => { filter.write(again.subarray(0, n), resolve); });
  }
  filter.end();
  assert.equal(Buffer.concat(await out).toString(), masked(bytes, 40));
});

/* UTF-16, in either order of bytes, with a mark and without. */
function wideForms(text) {
  return [`\ufeff${text}`, text].flatMap((marked) => {
    const bytes = Buffer.from(marked, 'utf16le');
    return [[bytes, (out) => out], [Buffer.from(bytes).swap16(), (out) => out.swap16()]];
  });
}

test('UTF-16 is masked, and stays UTF-16', async () => {
  const line = 'a log of a day is long\n'.repeat(20);
  for (const [bytes, toLittle] of wideForms(`${line}key = "${token()}"\nlast\n`)) {
    const { error, out } = await through(new SecretFilter(), bytes);
    assert.equal(error, null);
    assert.deepEqual(secscan.scanSync(out), []);
    assert.match(toLittle(out).toString('utf16le'), /key = "\*{40}"\nlast\n$/);
    const own = await through(new SecretFilter({ mask: () => '<none>' }), bytes);
    assert.match(toLittle(own.out).toString('utf16le'), /key = "<none>"\nlast\n$/);
  }
});

test('a secret of many lines is masked, and lines stay lines', async () => {
  const { generateKeyPairSync } = require('node:crypto');
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
  const [before, behind] = [words(numbers(4), 9000), words(numbers(5), 9000)];
  const bytes = Buffer.from(`${before}\n${privateKey}\n${behind}\n`);
  const { error, out } = await through(new SecretFilter(SMALL), bytes, () => 100);
  assert.equal(error, null);
  assert.equal(out.toString().split('\n').length, bytes.toString().split('\n').length);
  assert.ok(!out.toString().includes(privateKey.split('\n')[5]));
});

test('reject ends the stream, and lets none of the secret out', async () => {
  const bytes = Buffer.concat([Buffer.from(words(numbers(7), 100000)), log(1)]);
  const { error, out } = await through(new SecretFilter({ ...SMALL, mode: 'reject' }), bytes,
                                       () => 10);
  assert.ok(error instanceof SecretFoundError);
  assert.equal(error.code, 'SECSCAN_SECRET_FOUND');
  assert.equal(error.findings[0].secret.toString(), token(0));
  assert.equal(error.findings[0].place.offset, bytes.indexOf('ghp_'));
  assert.ok(out.length > 50000 && !out.includes('ghp_'));
});

test('reject lets what is clean through as it is', async () => {
  const bytes = Buffer.from(words(numbers(8), 100000));
  const { error, out } = await through(new SecretFilter({ ...SMALL, mode: 'reject' }), bytes);
  assert.equal(error, null);
  assert.ok(out.equals(bytes));
});

test('a secret that cannot be masked ends the stream', async () => {
  const { error, out } = await through(new SecretFilter(), zlib.gzipSync(`k="${token()}"\n`));
  assert.ok(error instanceof SecretFoundError);
  assert.equal(out.length, 0);
});

test('what cannot be scanned ends the stream, unless somebody is told', async () => {
  const cut = zlib.gzipSync(words(numbers(9), 5000)).subarray(0, 200);
  const { error } = await through(new SecretFilter(), cut);
  assert.ok(error instanceof IncompleteScanError);
  const skips = [];
  const told = await through(new SecretFilter({ onSkipped: (s) => skips.push(s) }), cut);
  assert.equal(told.error, null);
  assert.ok(skips.length > 0);
});

test('a line may be longer than may be held', async () => {
  const bytes = Buffer.from('long '.repeat(200000));
  const { error, out } = await through(new SecretFilter({ ...SMALL, maxHeld: 150000 }), bytes);
  assert.equal(error, null);
  assert.ok(out.equals(bytes));
});

test('a container that is larger than may be held ends the stream', async () => {
  const random = numbers(3);
  const noise = Buffer.from(Array.from({ length: 300000 }, () => random.next().value % 256));
  const filter = new SecretFilter({ ...SMALL, maxHeld: 150000 });
  const { error, out } = await through(filter, zlib.gzipSync(noise));
  assert.equal(error.code, 'SECSCAN_ERR_LIMIT');
  assert.equal(out.length, 0);
});

/* What a token may be written as, and in what. */
const WRITTEN = [
  (text) => text, (text) => `"${text}"`,
  (text) => Buffer.from(`key=${text}`).toString('base64'),
  (text) => Buffer.from(`key=${text}`).toString('hex'),
  (text) => text.replace(/[a-m]/g, (c) => `%${c.charCodeAt(0).toString(16)}`),
];
const FORMS = [(text) => Buffer.from(text),
               (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
               (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()];

/* A stream that holds some of them, and what must not come out. */
function hostile(seed) {
  const random = numbers(seed);
  const pick = (list) => list[random.next().value % list.length];
  const form = pick(FORMS);
  const secrets = Array.from({ length: 8 }, () => pick(WRITTEN)(token(random.next().value)));
  const text = secrets.map((secret) => (
    `${words(random, random.next().value % 6000)}\u{1f600}\u00e9\0 k = ${secret}\n`)).join('');
  return { bytes: form(text),
           hidden: secrets.map((secret) => form(secret.slice(12, -2)).subarray(form('').length)) };
}

test('of random streams in random pieces no secret comes out, and all else does', async () => {
  const every = new secscan.Scanner({ everyPlace: true });
  for (let seed = 1; seed <= 40; seed++) {
    const { bytes, hidden } = hostile(seed);
    const random = numbers(seed + 1000);
    const [window, most] = [[1024, 4096, 65536][seed % 3], [30, 700, 90000][seed % 7 % 3]];
    const size = () => 1 + random.next().value % most;
    const { error, out } = await through(new SecretFilter({ window }), bytes, size);
    assert.deepEqual([error, out.length], [null, bytes.length], `seed ${seed}`);
    hidden.forEach((secret) => assert.ok(!out.includes(secret), `seed ${seed}`));
    const isSecret = new Uint8Array(bytes.length);
    for (const { place, secret, encoded } of every.scanSync(bytes)) {
      const [isWide, depth] = [place.encodings[0] === 'utf-16', place.encodings.length];
      const { length } = depth > (isWide ? 1 : 0) ? encoded : secret;
      isSecret.fill(1, place.offset, place.offset + length * (isWide ? 2 : 1));
    }
    const changed = bytes.findIndex((byte, i) => byte !== out[i] && !isSecret[i]);
    assert.equal(changed, -1, `seed ${seed}`);
  }
});

test('what is settled goes out before the stream ends', async () => {
  const bytes = Buffer.from(words(numbers(11), 1 << 20));
  const filter = new SecretFilter();
  let n = 0;
  filter.on('data', (chunk) => { n += chunk.length; });
  await new Promise((resolve, reject) => {
    filter.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
  await new Promise((resolve) => { filter.write('\n', resolve); });
  assert.ok(bytes.length - n < 128 << 10, `${bytes.length - n} bytes are held`);
  filter.destroy();
});

test('a secret that stands there plainly and encoded is masked at both places', async () => {
  const line = `key=${token()}`;
  const encoded = Buffer.from(line).toString('base64');
  const text = `${line}\nd: ${encoded}\n`;
  for (const bytes of [text, text + words(numbers(12), 100000)]) {
    const { error, out } = await through(new SecretFilter(SMALL), Buffer.from(bytes));
    assert.equal(error, null);
    assert.deepEqual(secscan.scanSync(out), []);
  }
});

test('a mode that there is not is an error', () => {
  assert.throws(() => new SecretFilter({ mode: 'hide' }), { code: 'SECSCAN_ERR_ARG' });
  assert.throws(() => new SecretFilter({ window: 1 }), { code: 'SECSCAN_ERR_ARG' });
});

test('an option that there is not, or that would pass the filter by, is an error', () => {
  const wrong = [{ Mode: 'reject' }, { minSeverity: 'high' }, { mask: '***' }, { onFinding: 1 },
                 { onSkipped: true }, { name: 7 }, { scanner: {} }, { objectMode: true },
                 { write: () => {} }, { transform: (chunk, encoding, done) => done(null, chunk) }];
  for (const given of wrong) {
    assert.throws(() => new SecretFilter(given), { code: 'SECSCAN_ERR_ARG' });
  }
  const filter = new SecretFilter({ highWaterMark: 5, encoding: 'utf8', emitClose: false });
  assert.equal(filter.writableHighWaterMark, 5);
});

test('nothing is told any more when the stream has been destroyed', async () => {
  const told = [];
  const filter = new SecretFilter({ ...SMALL, onFinding: (f) => told.push(f) });
  filter.write(log(30));
  await new Promise((resolve) => { setImmediate(resolve); });
  filter.destroy();
  await new Promise((resolve) => { setTimeout(resolve, 300); });
  assert.deepEqual(told, []);
});
