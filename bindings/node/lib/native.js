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
/* The process waits for the threads of libuv's pool. Test runners load this file
 * many times: there is one listener for all. */
function endWithProcess() {
  const key = Symbol.for('secscan.ends');
  if (!process[key]) {
    process[key] = [];
    process.once('exit', () => process[key].forEach((end) => end()));
  }
  process[key].push(native.end);
}

native.setup(SecscanError);
endWithProcess();

module.exports = native;
