'use strict';
/* rules.js: rules, immutable once made. */
const native = require('./native.js');
const options = require('./options.js');

/* Objects of the addon, by the object that stands for them. */
const handles = new WeakMap();
const key = Symbol('secscan.rules');
let builtin;

function fromFiles(paths, given) {
  const list = options.texts(typeof paths === 'string' ? [paths] : paths, 'paths');
  return { ...options.read(given, options.RULES), paths: list };
}

function fromText(toml, given) {
  return { ...options.read(given, options.RULES), text: options.bytes(toml, 'toml') };
}

/** Which credentials there are to be found. */
class Rules {
  /** @internal Use load, parse or builtin. */
  constructor(handle, secret) {
    if (secret !== key) {
      throw options.wrong('use Rules.load, Rules.parse or Rules.builtin');
    }
    handles.set(this, handle);
  }

  /** The rules that the library brings. */
  static builtin() {
    builtin ??= Rules.loadSync([]);
    return builtin;
  }

  static async load(paths, given = {}) {
    return new Rules(await native.rulesLoad(fromFiles(paths, given)), key);
  }

  static loadSync(paths, given = {}) {
    return new Rules(native.rulesLoadSync(fromFiles(paths, given)), key);
  }

  static async parse(toml, given = {}) {
    return new Rules(await native.rulesLoad(fromText(toml, given)), key);
  }

  static parseSync(toml, given = {}) {
    return new Rules(native.rulesLoadSync(fromText(toml, given)), key);
  }

  get size() {
    return native.rulesCount(handleOf(this));
  }

  get version() {
    return native.rulesVersion(handleOf(this));
  }

  get notes() {
    return native.rulesNotes(handleOf(this));
  }

  find(id) {
    return native.rulesFind(handleOf(this), options.text(id, 'id'));
  }

  * [Symbol.iterator]() {
    for (let i = 0; i < this.size; i++) {
      yield native.rulesAt(handleOf(this), i);
    }
  }
}

function handleOf(rules) {
  const handle = handles.get(rules);
  if (handle === undefined) {
    throw options.wrong('these are no Rules');
  }
  return handle;
}

module.exports = { Rules, handleOf };
