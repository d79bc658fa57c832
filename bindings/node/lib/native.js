'use strict';
/* native.js: the addon of this machine, from prebuilds/. */
const { SecscanError } = require('./errors.js');

const platform = `${process.platform}-${process.arch}`;

function open() {
  try {
    return require(`../prebuilds/${platform}/secscan.node`);
  } catch (cause) {
    throw new Error(`secscan: no addon for ${platform} can be loaded`, { cause });
  }
}

const native = open();
native.setup(SecscanError);
/* The process waits for the threads of libuv's pool. */
process.once('exit', () => native.end());

module.exports = native;
