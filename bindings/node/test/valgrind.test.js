'use strict';
/* valgrind.test.js: no error has a frame of ours in its stack, and nothing that
 * is lost is ours. Node has errors of its own, and does not free all that it
 * allocates for the handles that there are at the end. */
const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');

const { folder, token, temporary } = require('./fixtures.js');

const PROGRAM = `
  const secscan = require(process.env.SECSCAN_NODE_PACKAGE);
  const [, file, text] = process.argv;
  const { Readable } = require('node:stream');
  const { Worker } = require('node:worker_threads');
  const thrower = () => { throw new Error('mine'); };
  const all = async (scan) => { for await (const found of scan); };
  const fails = async (promise) => {
    const error = await promise.then(() => undefined, (reason) => reason);
    if (error?.message !== 'mine') {
      throw error ?? new Error('nothing has failed');
    }
  };
  const turn = () => new Promise((resolve) => { setTimeout(resolve, 50); });
  (async () => {
    for (let i = 0; i < 20; i++) {
      secscan.scanSync(text);
      await secscan.scan(text);
      const scan = secscan.scanFile(file);
      await scan.next();
      await (i % 2 ? scan.next() : scan.return());
      try { secscan.Rules.parseSync('a = ['); } catch {}
      await fails(all(secscan.scanFile(file + '-absent', { onSkipped: thrower })));
      const abort = new AbortController();
      const aborted = all(secscan.scanFile(file, { signal: abort.signal }));
      abort.abort(new Error('mine'));
      await fails(aborted);
      const filter = new secscan.SecretFilter({ onFinding: thrower });
      await fails(all(Readable.from([Buffer.from(text)]).pipe(filter)));
    }
    await new Promise((resolve) => {
      new Worker('require(process.env.SECSCAN_NODE_PACKAGE).scanSync(' +
        'require("worker_threads").workerData)', { eval: true, workerData: text })
        .on('exit', resolve);
    });
    for (let i = 0; i < 3; i++) {
      global.gc();
      await turn();
    }
    console.log('end');
  })();`;

/* One stack, or more, and the line that says what it is. */
function records(log) {
  return log.split('\n').map((line) => line.replace(/^==\d+== ?/, '')).join('\n').split('\n\n');
}

const OURS = /\((\S*\/)?(bindings\/node\/src|libsecscan)\//;

function isOurs(record) {
  const [, caller] = record.match(/^ {3}(at|by) 0x.*$/gm) ?? [];
  const isNodes = / lost in /.test(record) && /\(in \S*node\)$/.test(caller);
  return OURS.test(record) && !isNodes;
}

test('valgrind finds nothing of ours', (t) => {
  const cwd = temporary(t);
  const [file, log] = [path.join(cwd, 'a.env'), path.join(cwd, 'log')];
  const text = `key = "${token()}"\n`;
  fs.writeFileSync(file, text);
  const done = spawnSync('valgrind', [
    '--leak-check=full', '--show-leak-kinds=definite', '--fullpath-after=',
    `--log-file=${log}`,
    process.execPath, '--expose-gc', '--jitless', '--single-threaded', '-e', PROGRAM, file, text,
  ], { env: { ...process.env, SECSCAN_NODE_PACKAGE: folder }, encoding: 'utf8', timeout: 500000 });
  assert.equal(done.error, undefined, 'valgrind is not there: run script/bootstrap --test');
  assert.equal(done.stdout, 'end\n', done.stderr);
  const said = fs.readFileSync(log, 'utf8');
  assert.match(said, /LEAK SUMMARY/);
  assert.deepEqual(records(said).filter(isOurs), []);
});
