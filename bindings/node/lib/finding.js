'use strict';
/* finding.js: a finding that does not show its secret by accident. */
const { inspect } = require('node:util');

/* What is the vendor's mark may be shown; the rest is as long as it is. */
function masked(secret, publicPrefix) {
  const shown = Math.min(publicPrefix, secret.length);
  return secret.toString('latin1', 0, shown) + '*'.repeat(secret.length - shown);
}

function shownPart(part) {
  const { publicPrefix, ...shown } = part;
  return { ...shown, masked: masked(part.secret, publicPrefix) };
}

/** One finding. Printed or turned to JSON, it is masked: the addon has made what
 * is secret not enumerable. */
class Finding {
  /** @internal Gives what the addon has made its class. */
  static of(values) {
    return Object.setPrototypeOf(values, Finding.prototype);
  }

  get masked() {
    return masked(this.secret, this.publicPrefix);
  }

  toJSON() {
    const { secretAt, parts, ...shown } = this;
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
