'use strict';
/* memory.test.js: many small scans leave nothing behind. */
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');

const { secscan, token, temporary } = require('./fixtures.js');

const SYNC = 1000000;
const ASYNC = 50000;
const WALKS = 400;
const STREAMS = 400;
const MANY = 64; /* at once */
/* What the heaps of malloc and of V8 move by themselves. */
const SLACK = 24 << 20;

const clean = Buffer.from('a line of a log that holds nothing, as most do\n');
let file;
const found = Buffer.from(`key = "${token()}"\n`);

/* What the collector finds is let go in the turns of the loop that follow. */
async function resident() {
  for (let i = 0; i < 5; i++) {
    global.gc();
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
  return process.memoryUsage.rss();
}

async function later(n) {
  for (let i = 0; i < n; i += MANY) {
    await Promise.all(Array.from({ length: MANY }, (_, k) => secscan.scan(k % 8 ? clean : found)));
  }
}

/* One in 16 finds something, and one in 64 fails, in one of some ways. */
const FAILING = [
  () => secscan.scanSync(Symbol('no data')),
  () => secscan.scanSync(found, { onSkipped: 'no function' }),
  () => secscan.Rules.parseSync("[[rules]]\nid = 'own'\nregex = 'a('"),
];

function now(n) {
  for (let i = 0; i < n; i++) {
    const fails = FAILING[i % 64 - 1];
    if (fails) {
      assert.throws(fails);
    } else {
      secscan.scanSync(i % 16 ? clean : found);
    }
  }
}

/* Half of them are left before their end. */
async function walks(n) {
  for (let i = 0; i < n; i++) {
    const scan = secscan.scanFile(file);
    await scan.next();
    await (i % 2 ? scan.next() : scan.return());
  }
}

/* Half of them are left before their end. */
async function streams(n) {
  for (let i = 0; i < n; i++) {
    const filter = new secscan.SecretFilter({ window: 1024 });
    filter.resume();
    await new Promise((resolve) => { filter.write(Buffer.alloc(4096, found), resolve); });
    if (i % 2) {
      filter.destroy();
    } else {
      await new Promise((resolve) => { filter.on('end', resolve).end(); });
    }
  }
}

test('memory is flat over many streams', async () => {
  await streams(STREAMS);
  const before = await resident();
  await streams(STREAMS);
  const grown = await resident() - before;
  assert.ok(grown < SLACK, `${grown} bytes more`);
});

/* Nobody calls the collector: it has to know what they take. */
test('memory is flat over many rules and scanners', async () => {
  const load = async (n) => {
    for (let i = 0; i < n; i++) {
      const rules = await secscan.Rules.load([], { without: ['generic-key'], useCache: false });
      await new secscan.Scanner({ rules }).scan(clean);
    }
  };
  await load(12);
  const before = process.memoryUsage.rss();
  await load(12);
  const grown = process.memoryUsage.rss() - before;
  assert.ok(grown < 6 * SLACK, `${grown} bytes more`);
});

test('memory is flat over many walks', async (t) => {
  file = path.join(temporary(t), 'a.env');
  fs.writeFileSync(file, found);
  await walks(WALKS);
  const before = await resident();
  await walks(WALKS);
  const grown = await resident() - before;
  assert.ok(grown < SLACK, `${grown} bytes more`);
});

test('memory is flat over many scans', async () => {
  assert.equal(typeof global.gc, 'function', 'run with --expose-gc');
  now(SYNC / 4);
  await later(ASYNC / 4);
  const before = await resident();
  now(SYNC);
  await later(ASYNC);
  const grown = await resident() - before;
  assert.ok(grown < SLACK, `${grown} bytes more`);
});
