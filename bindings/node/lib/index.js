'use strict';
/* index.js: all that there is, and one scanner for who needs no options. */
const { SecscanError, IncompleteScanError, SecretFoundError } = require('./errors.js');
const { Finding } = require('./finding.js');
const { Rules } = require('./rules.js');
const { Scanner, standard } = require('./scanner.js');
const { SecretFilter } = require('./filter.js');
const { version } = require('./native.js');

const scan = (data, options) => standard().scan(data, options);
const scanSync = (data, options) => standard().scanSync(data, options);
const scanFile = (path, options) => standard().scanFile(path, options);
const scanTree = (paths, options) => standard().scanTree(paths, options);
const scanGit = (path, options) => standard().scanGit(path, options);

module.exports = {
  scan, scanSync, scanFile, scanTree, scanGit, Scanner, Rules, SecretFilter,
  Finding, SecscanError, IncompleteScanError, SecretFoundError, version,
};
