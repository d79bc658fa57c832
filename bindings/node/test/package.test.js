'use strict';
/* package.test.js: the package, as a stranger has it: installed into an empty
 * folder where there is no compiler and no network, and then the first program
 * of the README. */
const assert = require('node:assert/strict');
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { test, before, after } = require('node:test');
const os = require('node:os');

const { token, git } = require('./fixtures.js');

const SOURCE = path.join(__dirname, '..');
const OF_THE_SYSTEM = /^(ld-linux.*|lib(c|m|dl|rt|pthread|resolv|gcc_s|stdc\+\+))[.-]/;
const BUILD = process.env.SECSCAN_BUILD;
let cwd;
let env;

function which(program) {
  return execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
}

/* Node, npm and a shell, and no more. */
function poorPath(folder) {
  fs.mkdirSync(folder);
  for (const program of ['node', 'npm', 'sh']) {
    fs.symlinkSync(fs.realpathSync(which(program)), path.join(folder, program));
  }
  return folder;
}

before(() => {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'secscan-node-'));
  const packed = execFileSync('node', [path.join(SOURCE, 'pack.mjs'), BUILD,
                                       path.join(made, 'pack')], { encoding: 'utf8' });
  cwd = path.join(made, 'empty');
  fs.mkdirSync(cwd);
  env = { HOME: made, PATH: poorPath(path.join(made, 'bin')), npm_config_cache: made };
  fs.writeFileSync(path.join(cwd, 'package.json'), '{"private": true}\n');
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', packed.trim()],
               { cwd, env, stdio: 'pipe' });
});

after(() => fs.rmSync(path.dirname(cwd), { recursive: true, force: true }));

function run(...args) {
  return spawnSync('node', args, { cwd, env, encoding: 'utf8', timeout: 120000 });
}

test('the first program of the README finds a secret in a buffer and in a history', () => {
  const readme = fs.readFileSync(path.join(SOURCE, 'README.md'), 'utf8');
  const [, program] = /^```js\n(.*?)^```$/ms.exec(readme);
  fs.writeFileSync(path.join(cwd, 'find.mjs'), program);
  fs.writeFileSync(path.join(cwd, 'app.env'), `# settings\nKEY="${token()}"\n`);
  git(cwd, 'init', '-q');
  git(cwd, 'add', 'app.env');
  git(cwd, 'commit', '-q', '-m', 'first');
  const done = run('find.mjs');
  const rule = 'github-pat-classic';
  assert.match(done.stdout, new RegExp(`^${rule} 2 ghp_\\*{36}\n${rule} app.env [0-9a-f]{40}\n$`),
               done.stderr);
});

test('all libraries are its own but those of the system', () => {
  const program = `
    const zlib = require('node:zlib');
    const secscan = require('secscan');
    secscan.scanSync(zlib.gzipSync('text'), { name: 'a.gz' });
    console.log(require('node:fs').readFileSync('/proc/self/maps', 'utf8'));`;
  const maps = run('-e', program).stdout;
  const loaded = new Set(maps.match(/\/\S+\.(?:so[.0-9]*|node)(?=\n)/g));
  const own = [...loaded].filter((file) => file.startsWith(fs.realpathSync(cwd)));
  const foreign = [...loaded].filter((file) => !own.includes(file))
    .map((file) => path.basename(file));
  assert.ok(own.some((file) => file.includes('libarchive')), maps);
  assert.deepEqual(foreign.filter((name) => !OF_THE_SYSTEM.test(name)), []);
});

test('licences and types are inside', () => {
  const folder = path.join(cwd, 'node_modules', 'secscan');
  for (const file of ['LICENSE', 'THIRD_PARTY_LICENSES', 'README.md', 'lib/index.d.ts']) {
    assert.ok(fs.statSync(path.join(folder, file)).size > 0, file);
  }
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  assert.equal(require(folder).version, manifest.version);
  assert.equal(manifest.scripts, undefined);
});
