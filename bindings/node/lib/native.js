'use strict';
/* native.js: the addon of this machine, from prebuilds/. */
const os = require('node:os');
const path = require('node:path');

const { SecscanError } = require('./errors.js');

const { dlopen: flags } = os.constants;
const platform = `${process.platform}-${process.arch}`;

/* Node itself exports the names of zlib and OpenSSL, in versions of its own:
 * with RTLD_DEEPBIND the libraries find those that they were linked with. */
function load(file) {
  const module = { exports: {} };
  process.dlopen(module, file, flags.RTLD_NOW | (flags.RTLD_DEEPBIND ?? 0));
  return module.exports;
}

function open() {
  const file = path.join(__dirname, '..', 'prebuilds', platform, 'secscan.node');
  try {
    return load(file);
  } catch (cause) {
    throw new Error(`secscan: no addon for ${platform} can be loaded`, { cause });
  }
}

const native = open();
native.setup(SecscanError);

module.exports = native;
