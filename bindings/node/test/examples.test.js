'use strict';
/* examples.test.js: the examples are well typed, and do what they say; and the
 * sources are what TypeScript can make sense of. */
const assert = require('node:assert/strict');
const { spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { test, before, after } = require('node:test');
const os = require('node:os');

const { folder, token, repository } = require('./fixtures.js');

const SOURCE = path.join(__dirname, '..');
const TOOLS = process.env.SECSCAN_NODE_TOOLS;
let cwd;

/* As a user has it: the examples beside node_modules. */
before(() => {
  cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'secscan-node-'));
  fs.mkdirSync(path.join(cwd, 'node_modules'));
  fs.cpSync(path.join(SOURCE, 'examples'), cwd, { recursive: true });
  fs.cpSync(path.join(__dirname, 'types.mts'), path.join(cwd, 'types.mts'));
  fs.symlinkSync(folder, path.join(cwd, 'node_modules', 'secscan'));
  for (const name of ['@types', 'undici-types']) {
    fs.symlinkSync(path.join(TOOLS, 'node_modules', name),
                   path.join(cwd, 'node_modules', name));
  }
});

after(() => fs.rmSync(cwd, { recursive: true, force: true }));

function run(name, args, input) {
  return spawnSync(process.execPath, [path.join(cwd, name), ...args],
                   { input, encoding: 'utf8', timeout: 120000 });
}

/* Syntax, names that there are not, and those that nobody uses: what can be told
 * of sources without types. */
const TELLING = /error TS(1\d{3}|18\d{3}|2304|2307|2552|6133|6192):/;

function check(project, options, files) {
  fs.writeFileSync(path.join(cwd, project), JSON.stringify({
    compilerOptions: {
      noEmit: true, checkJs: true, module: 'nodenext', target: 'es2022', lib: ['es2023'],
      types: ['node'], typeRoots: [path.join(TOOLS, 'node_modules', '@types')],
      preserveSymlinks: true, ...options,
    },
    files,
  }));
  const tsc = path.join(TOOLS, 'node_modules', 'typescript', 'bin', 'tsc');
  const done = spawnSync(process.execPath, [tsc, '-p', path.join(cwd, project)],
                         { encoding: 'utf8', timeout: 300000 });
  return done.stdout + done.stderr;
}

function sources(name) {
  return fs.readdirSync(path.join(SOURCE, name))
    .filter((file) => /\.m?js$/.test(file))
    .map((file) => path.join(SOURCE, name, file));
}

test('the types are right, and the examples are well typed', () => {
  const files = ['types.mts', ...fs.readdirSync(path.join(SOURCE, 'examples'))];
  assert.equal(check('examples.json', { strict: true, noUncheckedIndexedAccess: true }, files), '');
});

test('the sources use what there is, and all that they define', () => {
  const files = ['.', 'lib', 'test', 'bench'].flatMap(sources);
  const lines = check('sources.json', { noUnusedLocals: true }, files).split('\n');
  assert.deepEqual(lines.filter((line) => TELLING.test(line)), []);
});

test('the sources are strict, and no line has more than 100 columns', () => {
  for (const file of ['lib', 'test'].flatMap(sources)) {
    const text = fs.readFileSync(file, 'utf8');
    assert.ok(text.startsWith("'use strict';\n"), file);
    assert.equal(text.split('\n').find((line) => line.length > 100), undefined, file);
  }
});

test('git.mjs tells where a secret came in', (t) => {
  const done = run('git.mjs', [repository(t, { 'a.env': `KEY="${token()}"\n` })]);
  assert.match(done.stdout, /^[0-9a-f]{12} a\.env:1 github-pat-classic ghp_\*{36}\n$/);
  assert.equal(done.status, 1, done.stderr);
});

test('mask.mjs masks', () => {
  const done = run('mask.mjs', [], `a\nkey = "${token()}"\n`);
  assert.equal(done.stdout, `a\nkey = "ghp_${'*'.repeat(36)}"\n`);
  assert.equal(done.stderr, 'masked: 1\n');
});

test('rules.mjs says what is wrong with a rule, and uses a right one', () => {
  const rules = path.join(cwd, 'rules.toml');
  const input = path.join(cwd, 'input.txt');
  fs.writeFileSync(input, 'x = own-48213907\n');
  fs.writeFileSync(rules, '[[rules]]\nid = "own"\nregex = [\n');
  assert.match(run('rules.mjs', [rules, input]).stderr, /^SECSCAN_ERR_RULE [1-9]/);
  fs.writeFileSync(rules, '[extend]\nuseDefault = true\n[[rules]]\nid = "own"\n' +
                          'description = "Own"\nregex = \'own-[0-9]{8}\'\nkeywords = ["own-"]\n');
  const done = run('rules.mjs', [rules, input]);
  assert.equal(JSON.parse(done.stdout).rule, 'own', done.stderr);
});

test('upload.mjs stores what is clean and refuses what is not', async (t) => {
  const store = fs.mkdtempSync(path.join(cwd, 'store-'));
  const server = spawn(process.execPath, [path.join(cwd, 'upload.mjs'), store]);
  t.after(() => server.kill());
  const [port] = await once(server.stdout, 'data');
  const url = `http://127.0.0.1:${String(port).trim()}/`;
  const send = (body) => fetch(url, { method: 'POST', body });
  assert.equal((await send('clean\n')).status, 201);
  assert.equal((await send(`key = "${token()}"\n`)).status, 422);
  assert.equal(fs.readdirSync(store).length, 1);
});
