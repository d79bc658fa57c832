'use strict';
/* fixtures.js: the package under test, and secrets that are made when they are
 * needed: none stands in a file. */
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const zlib = require('node:zlib');
const { execFileSync } = require('node:child_process');

const folder = process.env.SECSCAN_NODE_PACKAGE;
const secscan = require(folder);

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function crc32(text) {
  let crc = ~0;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
  }
  return ~crc >>> 0;
}

function base62(number, length) {
  let out = '';
  for (let i = 0; i < length; i++) {
    out = BASE62[number % 62] + out;
    number = Math.floor(number / 62);
  }
  return out;
}

/** Numbers that look random and are the same each time. */
function* numbers(seed) {
  for (let x = seed * 2654435761 + 12345; ;) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    yield x >>> 8;
  }
}

/** A token with a right checksum, another one for each seed. */
function token(seed = 1) {
  const random = numbers(seed);
  const body = Array.from({ length: 30 }, () => BASE62[random.next().value % 62]).join('');
  return `ghp_${body}${base62(crc32(body), 6)}`;
}

/** A small .gz of gigabytes: minutes of work, for `endless.scanner`. */
function endless() {
  const member = zlib.gzipSync('a log of a day is long\n'.repeat(50000));
  return { scanner: new secscan.Scanner({ maxRatio: 2 ** 31 }),
           bytes: Buffer.concat(Array(4000).fill(member)) };
}

/** A folder that is gone after the test. */
function temporary(t) {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'secscan-node-'));
  t.after(() => fs.rmSync(made, { recursive: true, force: true }));
  return made;
}

function git(cwd, ...args) {
  execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org',
                       '-c', 'init.defaultBranch=main', ...args],
               { cwd, stdio: 'pipe' });
}

/** A repository with one commit that holds `files`, by name. */
function repository(t, files) {
  const cwd = temporary(t);
  git(cwd, 'init', '-q');
  for (const [name, text] of Object.entries(files)) {
    fs.writeFileSync(path.join(cwd, name), text);
  }
  git(cwd, 'add', '.');
  git(cwd, 'commit', '-q', '-m', 'first');
  return cwd;
}

async function all(scan) {
  const out = [];
  for await (const finding of scan) {
    out.push(finding);
  }
  return out;
}

module.exports = { secscan, folder, token, numbers, endless, temporary, repository, git, all };
