'use strict';
/* errors.js: what can go wrong, as classes. No message quotes scanned bytes. */

/** What the library says: `code` is the name of its status. */
class SecscanError extends Error {
  constructor(message, code, line = 0, column = 0) {
    super(message);
    this.name = 'SecscanError';
    this.code = code;
    this.line = line;
    this.column = column;
  }
}

/** Not everything was scanned, and nobody had asked to be told (`onSkipped`). */
class IncompleteScanError extends SecscanError {
  constructor(skips, findings = [], coverage = null) {
    const { reason, path, detail } = skips[0];
    const where = path === null ? '' : ` (${path})`;
    super(`not everything was scanned: ${reason}${where}` +
          `${detail ? `: ${detail}` : ''}${skips.length > 1 ? ', and more' : ''}`,
          'SECSCAN_INCOMPLETE');
    this.name = 'IncompleteScanError';
    this.skips = skips;
    this.coverage = coverage;
    hide(this, 'findings', findings);
  }
}

/** A SecretFilter that rejects has met a secret. */
class SecretFoundError extends SecscanError {
  constructor(findings, message) {
    const [{ rule, place }] = findings;
    super(message ?? `the stream holds a secret: ${rule}, line ${place.lineStart}`,
          'SECSCAN_SECRET_FOUND');
    this.name = 'SecretFoundError';
    hide(this, 'findings', findings);
  }
}

/* Not printed with the error. */
function hide(object, key, value) {
  Object.defineProperty(object, key, { value, enumerable: false });
}

module.exports = { SecscanError, IncompleteScanError, SecretFoundError };
