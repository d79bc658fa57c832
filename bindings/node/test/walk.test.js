'use strict';
const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const { getEventListeners } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const zlib = require('node:zlib');

const { secscan, folder, token, temporary, repository, git, all } = require('./fixtures.js');
const { IncompleteScanError, SecscanError } = secscan;

function tree(t, n) {
  const cwd = temporary(t);
  for (let i = 0; i < n; i++) {
    const name = `f${String(i).padStart(5, '0')}.env`;
    fs.writeFileSync(path.join(cwd, name), `KEY="${token(i)}"\n`);
  }
  return cwd;
}

test('a file', async (t) => {
  const file = path.join(tree(t, 1), 'f00000.env');
  const scan = secscan.scanFile(file);
  assert.equal(scan.coverage, null);
  const [finding] = await all(scan);
  assert.equal(finding.place.path, file);
  assert.equal(scan.coverage.bytes, fs.statSync(file).size);
  assert.equal(scan.coverage.exitCode, 1);
});

test('a tree comes in the order of paths', async (t) => {
  const cwd = tree(t, 500);
  const found = await all(secscan.scanTree(cwd));
  const paths = found.map((f) => f.place.path);
  assert.equal(found.length, 500);
  assert.deepEqual(paths, paths.slice().sort());
});

test('a history holds what is gone', async (t) => {
  const cwd = repository(t, { 'a.env': `KEY="${token()}"\n` });
  git(cwd, 'rm', '-q', 'a.env');
  git(cwd, 'commit', '-q', '-m', 'second');
  const scan = secscan.scanGit(cwd);
  const [finding, ...more] = await all(scan);
  assert.equal(more.length, 0);
  assert.equal(finding.inHead, false);
  assert.equal(finding.reach, 'ref');
  assert.equal(finding.place.path, 'a.env');
  assert.equal(finding.introductions[0].commit.subject, 'first');
  assert.equal(finding.removals[0].subject, 'second');
  assert.equal(scan.coverage.commits, 2);
});

test('what is staged, and a range', async (t) => {
  const cwd = repository(t, { 'a.txt': 'nothing\n' });
  fs.writeFileSync(path.join(cwd, 'b.env'), `KEY="${token()}"\n`);
  git(cwd, 'add', '.');
  assert.equal((await all(secscan.scanGit(cwd, { mode: 'staged' }))).length, 1);
  git(cwd, 'commit', '-q', '-m', 'second');
  const range = secscan.scanGit(cwd, { mode: 'range', range: 'HEAD~1..HEAD' });
  assert.equal((await all(range)).length, 1);
  await assert.rejects(all(secscan.scanGit(cwd, { mode: 'range', range: 'no..such' })),
                       { code: 'SECSCAN_ERR_ARG' });
});

test('the ignore file hides when policy says so', async (t) => {
  const cwd = tree(t, 1);
  const [finding] = await all(secscan.scanTree(cwd));
  fs.writeFileSync(path.join(cwd, '.secscanignore'),
                   `${finding.fingerprint} path:f00000.env # a test\n`);
  const scan = secscan.scanTree(cwd, { policy: true });
  const found = await all(scan);
  assert.deepEqual([found.length, scan.coverage.suppressed], [0, 1]);
});

test('no repository is an error of its own', async (t) => {
  const empty = temporary(t);
  for (const place of [empty, path.join(empty, 'missing')]) {
    await assert.rejects(all(secscan.scanGit(place)),
                         { code: 'SECSCAN_ERR_GIT', message: /^no git repository at / });
  }
});

test('what cannot be read is an error after the last finding', async (t) => {
  const cwd = tree(t, 1);
  const cut = path.join(cwd, 'a.gz');
  fs.writeFileSync(cut, zlib.gzipSync(token().repeat(1000)).subarray(0, 60));
  const found = [];
  const scan = secscan.scanTree(cwd);
  await assert.rejects(async () => {
    for await (const finding of scan) {
      found.push(finding);
    }
  }, (error) => error instanceof IncompleteScanError && error.coverage === scan.coverage);
  assert.equal(found.length, 1);
  const skips = [];
  await all(secscan.scanTree(cwd, { onSkipped: (skip) => skips.push(skip) }));
  assert.ok(skips.some((skip) => skip.path.startsWith(cut) && skip.isIncomplete));
});

test('a file that is missing is an error', async (t) => {
  const missing = path.join(temporary(t), 'missing');
  await assert.rejects(all(secscan.scanTree(missing)), SecscanError);
  await assert.rejects(all(secscan.scanFile(missing)), SecscanError);
});

test('a reader that is slow holds the scan', async (t) => {
  const scan = secscan.scanTree(tree(t, 600));
  await scan.next();
  await new Promise((resolve) => { setTimeout(resolve, 50); });
  assert.equal(scan.coverage, null);
  assert.equal((await all(scan)).length, 599);
});

test('calls of next without waiting come in order', async (t) => {
  const scan = secscan.scanTree(tree(t, 100));
  const turns = await Promise.all(Array.from({ length: 101 }, () => scan.next()));
  const paths = turns.slice(0, 100).map(({ value }) => value.place.path);
  assert.deepEqual(paths, paths.slice().sort());
  assert.equal(turns[100].done, true);
});

test('a loop may be left', async (t) => {
  const scan = secscan.scanTree(tree(t, 300));
  for await (const finding of scan) {
    assert.ok(finding);
    break;
  }
  assert.deepEqual(await scan.next(), { value: undefined, done: true });
});

test('a signal ends a walk with its reason', async (t) => {
  const cwd = tree(t, 300);
  const reason = new Error('enough');
  const controller = new AbortController();
  const scan = secscan.scanTree(cwd, { signal: controller.signal });
  await scan.next();
  controller.abort(reason);
  await assert.rejects(scan.next(), reason);
  await assert.rejects(all(secscan.scanTree(cwd, { signal: AbortSignal.abort(reason) })),
                       reason);
});

test('a signal ends a walk inside of one file', async (t) => {
  const file = path.join(temporary(t), 'large');
  fs.writeFileSync(file, '');
  fs.truncateSync(file, 2 ** 38); /* a hole, of many minutes */
  const reason = new Error('enough');
  const controller = new AbortController();
  const scan = secscan.scanFile(file, { signal: controller.signal });
  setTimeout(() => controller.abort(reason), 100);
  await assert.rejects(scan.next(), reason); /* its thread has ended */
});

test('the event loop turns while a tree is scanned', async (t) => {
  const cwd = tree(t, 300);
  let ticks = 0;
  const timer = setInterval(() => { ticks++; }, 1);
  t.after(() => clearInterval(timer));
  await Promise.all(Array.from({ length: 8 }, () => all(secscan.scanTree(cwd))));
  assert.ok(ticks > 0);
});

test('walks may share a signal, and one that nobody reads is let go', async (t) => {
  const warnings = [];
  const warn = (warning) => warnings.push(warning.message);
  process.on('warning', warn);
  t.after(() => process.removeListener('warning', warn));
  const cwd = tree(t, 200);
  const { signal } = new AbortController();
  const threads = () => fs.readdirSync('/proc/self/task').length;
  const before = threads();
  await Promise.all(Array.from({ length: 20 }, () => secscan.scan('', { signal })));
  for (let i = 0; i < 20; i++) {
    await secscan.scanTree(cwd, { signal }).next();
  }
  for (let i = 0; i < 20 && threads() > before + 10; i++) {
    global.gc();
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  assert.ok(threads() <= before + 10, `${threads() - before} threads more`);
  assert.deepEqual(warnings, []);
});

test('a signal has no listener any more when its scans have ended', async (t) => {
  const { signal } = new AbortController();
  const scan = secscan.scanTree(tree(t, 3), { signal });
  await Promise.all([all(scan), secscan.scan('', { signal }), secscan.scan('', { signal })]);
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});

/* A process with walks that nobody reads has to end by itself. */
test('a walk that is left alone keeps no process and no memory', (t) => {
  const program = `
    const secscan = require(process.env.SECSCAN_NODE_PACKAGE);
    (async () => {
      for (let i = 0; i < 50; i++) {
        await secscan.scanTree(process.argv[1]).next();
      }
      global.gc();
      await secscan.scanTree(process.argv[1]).next();
      console.log('end');
    })();`;
  const done = spawnSync(process.execPath, ['--expose-gc', '-e', program, tree(t, 200)],
                         { env: { ...process.env, SECSCAN_NODE_PACKAGE: folder },
                           timeout: 120000, encoding: 'utf8' });
  assert.equal(done.status, 0, done.stderr);
  assert.equal(done.stdout, 'end\n');
});
