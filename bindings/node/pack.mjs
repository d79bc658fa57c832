/*
 * pack.mjs BUILD FOLDER: make the package of a build (build/release) in FOLDER,
 * with all libraries inside that the addon needs and that are not the system's:
 * it is installed without a compiler. Prints the name of the .tgz file; its
 * checksum is beside it.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const SOURCE = path.dirname(fileURLToPath(import.meta.url));
const PLATFORM = `${process.platform}-${process.arch}`;
/* glibc and the compiler's run-time libraries: Node has loaded them itself. */
const OF_THE_SYSTEM = /^(linux-vdso|ld-linux.*|lib(c|m|dl|rt|pthread|resolv|gcc_s|stdc\+\+))\.so/;

const run = (program, ...args) =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/* SONAME -> file, of all that `file` needs and what that needs. */
function needed(file) {
  const found = new Map();
  for (const line of run('ldd', file).split('\n')) {
    const [, name, where] = /^\s*(\S+) => (\S+)/.exec(line) ?? [];
    if (where === 'not') {
      throw new Error(`${file} needs ${name}, which is not there`);
    }
    if (where && !OF_THE_SYSTEM.test(name)) {
      found.set(name, fs.realpathSync(where));
    }
  }
  return found;
}

/* The package of the system that a library is from: {name, version, text}. */
function origin(file) {
  const forms = [file, file.replace(/^\/usr/, ''), `/usr${file}`];
  for (const form of forms) {
    try {
      const [name] = run('dpkg', '-S', form).split(': ');
      const version = run('dpkg-query', '-W', '-f', '${Version}', name).trim();
      const text = fs.readFileSync(`/usr/share/doc/${name.split(':')[0]}/copyright`, 'utf8');
      return { name: name.split(':')[0], version, text };
    } catch {
      /* Debian knows some files by the path that they had before. */
    }
  }
  throw new Error(`no package, and so no licence, is known for ${file}`);
}

/* A table of what is inside, and each licence once. */
function licences(libraries) {
  const origins = new Map();
  const rows = [...libraries].sort().map(([name, file]) => {
    const from = origin(file);
    origins.set(from.name, from);
    return `${name.padEnd(30)} ${from.name} ${from.version}\n`;
  });
  const texts = [...origins.values()].map(
    ({ name, version, text }) => `\n==== ${name} ${version} ====\n\n${text}`);
  return `Libraries in this package, and the Debian packages that they are from:\n\n` +
    rows.join('') + texts.join('');
}

/* Ours have debug information, and the libraries paths of the build in them. */
function finish(file) {
  run('strip', '--strip-unneeded', file);
  if (file.endsWith('.node')) {
    return;
  }
  const script = path.join(path.dirname(file), 'rpath.cmake');
  fs.writeFileSync(script, `file(RPATH_REMOVE FILE "${file}")\n`);
  run('cmake', '-P', script);
  fs.rmSync(script);
}

function digest(file) {
  return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
}

function pack(build, folder) {
  const stage = path.join(folder, 'package');
  const prebuilds = path.join(stage, 'prebuilds', PLATFORM);
  fs.rmSync(stage, { recursive: true, force: true });
  fs.cpSync(path.join(build, 'bindings', 'node', 'package'), stage,
            { recursive: true, dereference: true });
  fs.copyFileSync(path.join(SOURCE, '..', '..', 'LICENSE'), path.join(stage, 'LICENSE'));

  const ours = fs.readdirSync(prebuilds);
  const libraries = new Map(ours.flatMap((name) => [...needed(path.join(prebuilds, name))]));
  ours.forEach((name) => libraries.delete(name));
  for (const [name, file] of libraries) {
    fs.copyFileSync(file, path.join(prebuilds, name));
  }
  ours.forEach((name) => finish(path.join(prebuilds, name)));
  fs.writeFileSync(path.join(stage, 'THIRD_PARTY_LICENSES'), licences(libraries));

  const [{ filename }] = JSON.parse(run('npm', 'pack', '--json', '--ignore-scripts',
                                        '--pack-destination', folder, stage));
  const made = path.join(folder, filename);
  fs.writeFileSync(`${made}.sha256`, `${digest(made)}  ${filename}\n`);
  return made;
}

const [build, folder] = process.argv.slice(2);
if (!build || !folder) {
  console.error('usage: node pack.mjs BUILD FOLDER');
  process.exit(2);
}
fs.mkdirSync(folder, { recursive: true });
console.log(pack(path.resolve(build), path.resolve(folder)));
