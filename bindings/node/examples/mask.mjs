// mask.mjs < LOG > MASKED: a log without its secrets.
import process from 'node:process';
import { pipeline } from 'node:stream/promises';
import { SecretFilter } from 'secscan';

let n = 0;
const filter = new SecretFilter({ onFinding: () => { n++; } });
await pipeline(process.stdin, filter, process.stdout);
console.error(`masked: ${n}`);
