'use strict';
/*
 * abort.js: what is to be done when a signal aborts, with one listener for
 * each signal: Node warns of more than ten, and many scans may share one.
 */

/* The calls of each signal, while there are any. */
const pending = new WeakMap();

function listenTo(signal) {
  const calls = new Set();
  const listener = () => {
    pending.delete(signal);
    calls.forEach((call) => call());
  };
  signal.addEventListener('abort', listener, { once: true });
  return { calls, listener };
}

/** Have `call` called at the abort. Returns what takes that back. */
function onAbort(signal, call) {
  if (!pending.has(signal)) {
    pending.set(signal, listenTo(signal));
  }
  const { calls, listener } = pending.get(signal);
  calls.add(call);
  return () => {
    calls.delete(call);
    if (calls.size === 0 && pending.get(signal)?.calls === calls) {
      pending.delete(signal);
      signal.removeEventListener('abort', listener);
    }
  };
}

module.exports = { onAbort };
