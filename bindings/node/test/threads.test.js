'use strict';
const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const { Worker } = require('node:worker_threads');

const { folder, token, temporary } = require('./fixtures.js');

const SCANS = `
  const { workerData, parentPort } = require('node:worker_threads');
  const secscan = require(workerData.folder);
  (async () => {
    const text = 'key = "' + workerData.secret + '"';
    for (let i = 0; i < 50; i++) {
      const [finding] = await secscan.scan(text);
      const [same] = secscan.scanSync(text);
      if (finding.fingerprint !== same.fingerprint) throw new Error('differs');
    }
    parentPort.postMessage('done');
  })();`;

/* Begins what it does not end. */
const IS_BUSY = `
  const { workerData, parentPort } = require('node:worker_threads');
  const secscan = require(workerData.folder);
  for (let i = 0; i < 8; i++) {
    secscan.scan('x'.repeat(1 << 20));
    secscan.scanTree(workerData.tree).next();
  }
  secscan.scanTree(workerData.tree).next().then(() => parentPort.postMessage('busy'));`;

/* Begins what takes minutes, on each thread of the pool and more. */
const IS_LONG = `
  const { parentPort } = require('node:worker_threads');
  const { secscan, endless } = require(${JSON.stringify(require.resolve('./fixtures.js'))});
  const { scanner, bytes } = endless();
  for (let i = 0; i < 8; i++) {
    scanner.scan(bytes);
    new secscan.SecretFilter({ scanner }).end(bytes);
  }
  setTimeout(() => (parentPort ? parentPort.postMessage('busy') : process.exit(3)), 300);`;

test('workers scan side by side', async () => {
  const workers = Array.from({ length: 4 }, (_, i) => new Worker(SCANS, {
    eval: true, workerData: { folder, secret: token(i) } }));
  await Promise.all(workers.map(async (worker) => {
    const exit = once(worker, 'exit');
    const [message] = await once(worker, 'message');
    assert.equal(message, 'done');
    assert.deepEqual(await exit, [0]);
  }));
});

test('a worker may be ended while it scans', async (t) => {
  const tree = temporary(t);
  for (let i = 0; i < 300; i++) {
    fs.writeFileSync(path.join(tree, `${i}.env`), `KEY="${token(i)}"\n`);
  }
  for (let i = 0; i < 5; i++) {
    const worker = new Worker(IS_BUSY, { eval: true, workerData: { folder, tree } });
    await once(worker, 'message');
    await worker.terminate();
  }
});

test('a worker or a process does not end behind long scans', async () => {
  const worker = new Worker(IS_LONG, { eval: true });
  await once(worker, 'message');
  const began = performance.now();
  await worker.terminate();
  assert.ok(performance.now() - began < 20000);
  const done = spawnSync(process.execPath, ['-e', IS_LONG], { timeout: 20000 });
  assert.equal(done.status, 3);
});

test('it may be loaded anew many times, as test runners do', () => {
  const main = require.resolve(folder);
  const listeners = process.listenerCount('exit');
  for (let i = 0; i < 12; i++) {
    Object.keys(require.cache).forEach((key) => { delete require.cache[key]; });
    const again = require(main);
    assert.throws(() => again.scanSync(7), again.SecscanError);
  }
  assert.equal(process.listenerCount('exit'), listeners);
});
