'use strict';
/* package.test.js: the package, as a stranger has it: installed into an empty
 * folder where there is no compiler and no network, and then the first program
 * of the README. */
const assert = require('node:assert/strict');
const { execFileSync, spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { test, before, after } = require('node:test');
const os = require('node:os');

const { token, git } = require('./fixtures.js');

const SOURCE = path.join(__dirname, '..');
const OF_THE_SYSTEM = /^(ld-linux.*|lib(c|m|dl|rt|pthread|resolv|gcc_s|stdc\+\+))[.-]/;
const BUILD = process.env.SECSCAN_BUILD;
const ROOT = path.join(SOURCE, '..', '..');
let cwd;
let env;
let made;

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

/* Make the package in a folder; the path of the .tgz. */
function pack(folder) {
  return execFileSync('node', [path.join(SOURCE, 'pack.mjs'), BUILD, folder],
                      { encoding: 'utf8' }).trim();
}

before(() => {
  made = fs.mkdtempSync(path.join(os.tmpdir(), 'secscan-node-'));
  const packed = pack(path.join(made, 'pack'));
  cwd = path.join(made, 'empty');
  fs.mkdirSync(cwd);
  env = { HOME: made, PATH: poorPath(path.join(made, 'bin')), npm_config_cache: made };
  fs.writeFileSync(path.join(cwd, 'package.json'), '{"private": true}\n');
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', packed],
               { cwd, env, stdio: 'pipe' });
});

after(() => fs.rmSync(made, { recursive: true, force: true }));

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

test('licences, a bill of materials and types are inside', () => {
  const folder = path.join(cwd, 'node_modules', 'secscan');
  for (const file of ['LICENSE', 'licences/libhyperscan5', 'licences/table.tsv', 'sbom.cdx.json',
                      'README.md', 'lib/index.d.ts']) {
    assert.ok(fs.statSync(path.join(folder, file)).size > 0, file);
  }
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  assert.equal(require(folder).version, manifest.version);
  assert.equal(manifest.scripts, undefined);
});

test('the bill of materials names what is inside, and fits its schema', () => {
  const folder = path.join(cwd, 'node_modules', 'secscan');
  execFileSync(path.join(ROOT, 'build', 'venv', 'bin', 'python'),
               [path.join(ROOT, 'tests', 'package', 'validate.py'),
                path.join(folder, 'sbom.cdx.json')]);
  const bill = JSON.parse(fs.readFileSync(path.join(folder, 'sbom.cdx.json'), 'utf8'));
  const parts = [bill.metadata.component, ...bill.components];
  const named = parts.flatMap((part) => part.components ?? [])
    .map((file) => [path.basename(file.name), file.hashes[0].content]);
  const [platform] = fs.readdirSync(path.join(folder, 'prebuilds'));
  const prebuilds = path.join(folder, 'prebuilds', platform);
  const there = fs.readdirSync(prebuilds).map((name) => [
    name, createHash('sha256').update(fs.readFileSync(path.join(prebuilds, name))).digest('hex')]);
  assert.deepEqual(named.sort(), there.sort());
});

test('made again it is the same, and its checksums are right', () => {
  const [first, second] = ['pack', 'again'].map((name) => path.join(made, name));
  pack(second);
  const names = fs.readdirSync(first).filter((name) => name !== 'package');
  assert.equal(names.length, 4);
  for (const name of names) {
    const same = fs.readFileSync(path.join(first, name))
      .equals(fs.readFileSync(path.join(second, name)));
    assert.ok(same, name);
  }
  execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: first, stdio: 'pipe' });
});
