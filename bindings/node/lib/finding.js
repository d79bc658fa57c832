'use strict';
/* finding.js: a finding that does not show its secret by accident. */
const { inspect } = require('node:util');

/* What is the vendor's mark may be shown; the rest is as long as it is. */
function masked(secret, publicPrefix) {
  const shown = Math.min(publicPrefix, secret.length);
  return secret.toString('latin1', 0, shown) + '*'.repeat(secret.length - shown);
}

function shownPart({ secret, publicPrefix, ...part }) {
  return { ...part, masked: masked(secret, publicPrefix) };
}

/** One finding. Printed or turned to JSON, it is masked. */
class Finding {
  /** @internal Gives what the addon has made its class. */
  static of(values) {
    return Object.setPrototypeOf(values, Finding.prototype);
  }

  get masked() {
    return masked(this.secret, this.publicPrefix);
  }

  toJSON() {
    const { secret, match, encoded, line, secretAt, parts, ...shown } = this;
    return { ...shown, masked: this.masked, parts: parts.map(shownPart) };
  }

  [inspect.custom](depth, options, print = inspect) {
    const { rule, severity, confidence, place } = this;
    const shown = { rule, severity, confidence, masked: this.masked,
                    path: place.path, line: place.lineStart,
                    column: place.columnStart };
    return `Finding ${print(shown, options)}`;
  }
}

module.exports = { Finding };
