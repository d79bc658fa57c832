'use strict';
/* scanner.js: rules and options, and all that can be scanned with them. */
const { onAbort } = require('./abort.js');
const { Finding } = require('./finding.js');
const { IncompleteScanError } = require('./errors.js');
const { Rules, handleOf } = require('./rules.js');
const { Walk } = require('./walk.js');
const native = require('./native.js');
const options = require('./options.js');

/* What most calls have. */
const NO_OPTIONS = Object.freeze({});

const FILE = 0;
const TREE = 1;
const GIT = 2;

/* What the addon found in a buffer, as the caller wants it. */
function settle(found, onSkipped) {
  if (found === undefined) {
    return [];
  }
  const findings = found.findings.map(Finding.of);
  if (onSkipped) {
    found.skips.forEach((skip) => onSkipped(skip));
  } else if (found.skips.some((skip) => skip.isIncomplete)) {
    throw new IncompleteScanError(found.skips, findings);
  }
  return findings;
}

/* `promise`, or the reason of `signal` when that comes first. */
async function abortable(promise, signal, cancel) {
  let forget;
  const aborted = new Promise((resolve, reject) => {
    forget = onAbort(signal, () => {
      cancel();
      reject(signal.reason);
    });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    forget();
    promise.catch(() => {}); /* nobody waits for it any more */
  }
}

let poolOf;

/** Scans, as many at once as you like. */
class Scanner {
  #pool;

  static {
    poolOf = (scanner) => scanner.#pool;
  }

  constructor({ rules = Rules.builtin(), ...given } = {}) {
    this.#pool = native.pool(handleOf(rules), options.read(given, options.SCANNER));
  }

  /** Off the event loop. */
  async scan(data, given = NO_OPTIONS) {
    const view = options.bytes(data, 'data');
    const { name, signal, onSkipped } = given === NO_OPTIONS
      ? given : options.read(given, options.SCAN);
    signal?.throwIfAborted();
    const [promise, job] = native.scan(this.#pool, view, name);
    const found = signal
      ? await abortable(promise, signal, () => native.cancel(job))
      : await promise;
    return settle(found, onSkipped);
  }

  /** Here and now: what is small is scanned sooner than it is sent. */
  scanSync(data, given = NO_OPTIONS) {
    const view = options.isReady(data) ? data : options.bytes(data, 'data');
    if (given === NO_OPTIONS) {
      const found = native.scanSync(this.#pool, view);
      return found === undefined ? [] : settle(found);
    }
    const { name, onSkipped } = options.read(given, options.SCAN_SYNC);
    return settle(native.scanSync(this.#pool, view, name), onSkipped);
  }

  #walk(kind, paths, given, table) {
    const read = options.read(given, table);
    return new Walk(this.#pool, { ...read, kind, paths, today: options.today() });
  }

  /** One file, of any size. */
  scanFile(path, given = NO_OPTIONS) {
    return this.#walk(FILE, [options.text(path, 'path')], given, options.FILE);
  }

  /** Files and directories. */
  scanTree(paths, given = NO_OPTIONS) {
    const list = options.texts(typeof paths === 'string' ? [paths] : paths, 'paths');
    return this.#walk(TREE, list, given, options.TREE);
  }

  /** A repository: its history, a range, what is staged, a push. */
  scanGit(path, given = NO_OPTIONS) {
    return this.#walk(GIT, [options.text(path, 'path')], given, options.GIT);
  }
}

let shared;

/* Made when it is first asked for: the built-in rules, and no options. */
function standard() {
  shared ??= new Scanner();
  return shared;
}

module.exports = { Scanner, poolOf, settle, standard };
