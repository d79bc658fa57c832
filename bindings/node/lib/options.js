'use strict';
/*
 * options.js: options as the addon wants them. One that does not exist, or is
 * of another type, is an error: none is silently lost.
 */
const { types } = require('node:util');

const { SecscanError } = require('./errors.js');

const SEVERITY = ['info', 'low', 'medium', 'high', 'critical'];
const EVIDENCE = ['context', 'pattern', 'structure', 'checksum'];
const PROFILE = ['report', 'block', 'strict'];
const FILTER_MODE = ['mask', 'reject'];
const GIT_MODE = ['history', 'range', 'staged', 'push'];

function wrong(message) {
  return new SecscanError(message, 'SECSCAN_ERR_ARG');
}

/* ---- what an option may be: value -> value for the addon -------------- */

function text(value, name) {
  if (typeof value !== 'string' || value.includes('\0')) {
    throw wrong(`${name} has to be a string without NUL`);
  }
  return value;
}

function texts(value, name) {
  if (!Array.isArray(value)) {
    throw wrong(`${name} has to be a list of strings`);
  }
  return value.map((one) => text(one, name));
}

/* Throws where there is no memory any more: that would read as empty. */
function viewOf(value) {
  if (types.isAnyArrayBuffer(value)) {
    return Buffer.from(value);
  }
  if (types.isTypedArray(value) && value.length === 0) {
    value.at(0);
  }
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

function bytes(value, name) {
  if (typeof value === 'string') {
    return Buffer.from(value);
  }
  if (!types.isAnyArrayBuffer(value) && !ArrayBuffer.isView(value)) {
    throw wrong(`${name} has to be a string, a Buffer or a view of one`);
  }
  let view;
  try {
    view = viewOf(value);
  } catch (error) {
    throw error instanceof TypeError ? wrong(`${name} is detached and holds nothing`) : error;
  }
  return types.isSharedArrayBuffer(view.buffer) ? Buffer.from(view) : view;
}

/* As bytes() would return it: a Buffer that nobody else writes to. */
function isReady(value) {
  return Buffer.isBuffer(value) && value.length > 0 && !types.isSharedArrayBuffer(value.buffer);
}

function upTo(max) {
  return (value, name) => {
    if (!Number.isInteger(value) || value < 0 || value > max) {
      throw wrong(`${name} has to be a whole number from 0 to ${max}`);
    }
    return value;
  };
}

const small = upTo(2 ** 32 - 1);
const large = upTo(Number.MAX_SAFE_INTEGER);

function oneOf(names) {
  return (value, name) => {
    const index = names.indexOf(value);
    if (index < 0) {
      throw wrong(`${name} has to be one of: ${names.join(', ')}`);
    }
    return index;
  };
}

function callback(value, name) {
  if (typeof value !== 'function') {
    throw wrong(`${name} has to be a function`);
  }
  return value;
}

function signal(value, name) {
  if (!(value instanceof AbortSignal)) {
    throw wrong(`${name} has to be an AbortSignal`);
  }
  return value;
}

/* What node:stream judges. */
function asItIs(value) {
  return value;
}

/* A bit of `field`, set when the value is `when`. */
function flag(field, bit, when = true) {
  return { field, bit, when };
}

function updates(value, name) {
  if (!Array.isArray(value)) {
    throw wrong(`${name} has to be a list`);
  }
  return value.map((one) => read(one, UPDATE, `${name}: `));
}

/* ---- which there are -------------------------------------------------- */

const UPDATE = { ref: text, oldId: text, newId: text };

const RULES = {
  builtin: flag('flags', 0x1, false),
  useCache: flag('flags', 0x2, false),
  gitleaks: flag('flags', 0x4),
  untrusted: flag('flags', 0x8),
  strict: flag('flags', 0x10),
  cacheDir: text, name: text, without: texts, extendRoot: text, joined: texts,
};

const SCANNER = {
  threads: small, chunkSize: large, maxFileSize: large, maxObjectSize: large,
  fingerprintKey: bytes, profile: oneOf(PROFILE),
  minSeverity: oneOf(SEVERITY), minEvidence: oneOf(EVIDENCE),
  minConfidence: upTo(100), categories: texts, notCategories: texts,
  minPasswordLength: small,
  gateSeverity: oneOf(SEVERITY), gateEvidence: oneOf(EVIDENCE),
  showSuppressed: flag('flags', 0x2),
  suppress: flag('flags', 0x4, false),
  newOnly: flag('flags', 0x8),
  decode: flag('flags', 0x10, false),
  containers: flag('flags', 0x20, false),
  everyPlace: flag('flags', 0x40),
  maxDepth: small, maxSeconds: small, maxRatio: small, maxEntries: small,
  maxDecoded: large, maxMember: large, maxUnpacked: large,
};

const SCAN_SYNC = { name: text, onSkipped: callback };

const SCAN = { ...SCAN_SYNC, signal };

const WALK = {
  signal, onSkipped: callback,
  policy: flag('hasPolicy', 1),
  inlineMarks: flag('policyFlags', 0x1, false),
  adopt: flag('policyFlags', 0x8),
};

const FILE = { signal, onSkipped: callback };

const TREE = {
  ...WALK,
  gitignore: flag('treeFlags', 0x1, false),
  followSymlinks: flag('treeFlags', 0x2),
};

const GIT = {
  ...WALK,
  mode: oneOf(GIT_MODE), range: text, index: text, cache: text,
  cacheKey: bytes, remote: text, objectDirs: texts, commits: texts,
  deadline: large, gateRef: text, updates,
  gateUnreachable: flag('gitFlags', 0x2),
  submodules: flag('gitFlags', 0x8, false),
  receive: flag('gitFlags', 0x10),
};

const FILTER = {
  mode: (value, name) => FILTER_MODE[oneOf(FILTER_MODE)(value, name)],
  mask: callback, name: text, onFinding: callback,
  onSkipped: callback, window: large, maxHeld: large,
};

/* Of a stream: those that cannot take its bytes past the filter. */
const STREAM = Object.fromEntries([
  'highWaterMark', 'readableHighWaterMark', 'writableHighWaterMark', 'encoding',
  'defaultEncoding', 'emitClose', 'autoDestroy', 'allowHalfOpen', 'signal',
].map((name) => [name, asItIs]));

function readOne(out, kind, value, name) {
  if (typeof kind === 'function') {
    out[name] = kind(value, name);
    return;
  }
  if (typeof value !== 'boolean') {
    throw wrong(`${name} has to be true or false`);
  }
  if (value === kind.when) {
    out[kind.field] |= kind.bit;
  }
}

/** The options of one table, for the addon. */
function read(options, table, prefix = '') {
  const out = { flags: 0, treeFlags: 0, gitFlags: 0, policyFlags: 0,
                hasPolicy: 0 };
  if (options === null || typeof options !== 'object') {
    throw wrong(`${prefix}options have to be an object`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(table, name)) {
      throw wrong(`${prefix}there is no option "${name}"`);
    }
    if (value !== undefined) {
      readOne(out, table[name], value, name);
    }
  }
  return out;
}

/** As a policy wants it: 20270131. */
function today(date = new Date()) {
  return date.getUTCFullYear() * 10000 + (date.getUTCMonth() + 1) * 100 +
    date.getUTCDate();
}

module.exports = { read, text, texts, bytes, isReady, today, wrong,
                   RULES, SCANNER, SCAN, SCAN_SYNC, FILE, TREE, GIT, FILTER, STREAM };
