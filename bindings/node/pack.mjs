/*
 * pack.mjs BUILD FOLDER: make the package of a build (build/release) in FOLDER,
 * with all libraries inside that the addon needs and that are not the system's:
 * it is installed without a compiler. Prints the name of the .tgz file; beside it
 * are a bill of materials, a licence table and checksums. Made twice of the same
 * build, they are the same files.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const PLATFORM = `${process.platform}-${process.arch}`;
const run = (program, ...args) =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/* What the bill of materials is dated by: the commit, unless it is said. */
process.env.SOURCE_DATE_EPOCH ||= run('git', '-C', ROOT, 'log', '-1', '--format=%ct').trim();

function digest(file) {
  return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
}

function pack(build, folder) {
  const stage = path.join(folder, 'package');
  fs.rmSync(stage, { recursive: true, force: true });
  fs.cpSync(path.join(build, 'bindings', 'node', 'package'), stage,
            { recursive: true, dereference: true });
  fs.copyFileSync(path.join(ROOT, 'LICENSE'), path.join(stage, 'LICENSE'));

  /* npm knows the name: it is that of the checksum's and the descriptions' files, too. */
  const manifest = JSON.parse(fs.readFileSync(path.join(stage, 'package.json'), 'utf8'));
  const name = `${manifest.name}-${manifest.version}`;
  const beside = path.join(folder, name);
  run('python3', '-B', path.join(ROOT, 'packaging', 'carry.py'), stage,
      path.join('prebuilds', PLATFORM), beside, manifest.version);
  run('npm', 'pack', '--ignore-scripts', '--pack-destination', folder, stage);

  const sums = ['.cdx.json', '.licences.tsv', '.tgz'].map(
    (end) => `${digest(beside + end)}  ${name}${end}\n`);
  fs.writeFileSync(path.join(folder, 'SHA256SUMS'), sums.join(''));
  return `${beside}.tgz`;
}

const [build, folder] = process.argv.slice(2);
if (!build || !folder) {
  console.error('usage: node pack.mjs BUILD FOLDER');
  process.exit(2);
}
fs.mkdirSync(folder, { recursive: true });
console.log(pack(path.resolve(build), path.resolve(folder)));
