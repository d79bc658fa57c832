'use strict';
/* memory.test.js: many small scans leave nothing behind. */
const assert = require('node:assert/strict');
const { test } = require('node:test');

const { secscan, token } = require('./helper.js');

const SYNC = 1000000;
const ASYNC = 50000;
const MANY = 64; /* at once */
/* What the heaps of malloc and of V8 move by themselves. */
const SLACK = 24 << 20;

const clean = Buffer.from('a line of a log that holds nothing, as most do\n');
const found = Buffer.from(`key = "${token()}"\n`);

function resident() {
  global.gc();
  global.gc();
  return process.memoryUsage.rss();
}

async function later(n) {
  for (let i = 0; i < n; i += MANY) {
    await Promise.all(Array.from({ length: MANY }, (_, k) => secscan.scan(k % 8 ? clean : found)));
  }
}

/* One in 16 finds something. */
function now(n) {
  for (let i = 0; i < n; i++) {
    secscan.scanSync(i % 16 ? clean : found);
  }
}

test('memory is flat over many scans', async () => {
  assert.equal(typeof global.gc, 'function', 'run with --expose-gc');
  now(SYNC / 4);
  await later(ASYNC / 4);
  const before = resident();
  now(SYNC);
  await later(ASYNC);
  const grown = resident() - before;
  assert.ok(grown < SLACK, `${grown} bytes more`);
});
