'use strict';
const assert = require('node:assert/strict');
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
