/* types.mts: what the types allow, and what they do not; never run. */
import { pipeline } from 'node:stream/promises';
import { Readable, Writable } from 'node:stream';
import {
  scan, scanSync, scanFile, scanTree, scanGit, version, Finding, IncompleteScanError, Rules,
  Scanner, SecretFilter, SecretFoundError, SecscanError,
} from 'secscan';
import type { Coverage, Rule, Scan, Severity } from 'secscan';

const text: string = version;
const found: Finding[] = await scan(text, { name: 'a', signal: AbortSignal.timeout(1) });
const same: readonly Finding[] = scanSync(new Uint8Array(3), { onSkipped: (s) => s.reason });
const severity: Severity | undefined = found[0]?.severity;
const secret: Buffer | undefined = same[0]?.secret;
const rules: Rules = await Rules.parse('', { builtin: true, without: ['a'] });
const rule: Rule | undefined = [...rules][0] ?? rules.find('a');
const scanner = new Scanner({ rules, minSeverity: 'low', profile: 'block', fingerprintKey: text });
const walk: Scan = scanner.scanTree(['a'], { gitignore: false, policy: true });
for await (const finding of walk) {
  const id: string | undefined = finding.introductions[0]?.commit.id;
  console.log(id, finding.place.encodings[0], rule?.id, severity, secret);
}
const left: IteratorResult<Finding> = await walk.return();
const coverage: Coverage | null = walk.coverage;
const first: IteratorResult<Finding> = await scanFile('a').next();
console.log(left.done, new SecretFoundError(found));
console.log(coverage?.exitCode, first.done, scanTree('a'), scanGit('.', { mode: 'push',
  updates: [{ ref: 'refs/heads/main', oldId: '0', newId: '1' }] }));
await pipeline(Readable.from([]), new SecretFilter({ mode: 'mask', mask: (f) => f.rule,
  highWaterMark: 1 }), new Writable());
try {
  await scan('');
} catch (error) {
  if (error instanceof SecretFoundError || error instanceof IncompleteScanError) {
    console.log(error.findings.length);
  } else if (error instanceof SecscanError) {
    console.log(error.code.length + error.line + error.column);
  }
}

// @ts-expect-error: not what can be scanned
scanSync(7);
// @ts-expect-error: there is no such option
new Scanner({ colour: true });
// @ts-expect-error: there is no such mode
new SecretFilter({ mode: 'hide' });
// @ts-expect-error: nothing now can be aborted
scanSync('', { signal: AbortSignal.timeout(1) });
// @ts-expect-error: findings are made by scans
new Finding();
// @ts-expect-error: they are read-only
found[0]!.rule = 'other';
// @ts-expect-error: it has skips
new IncompleteScanError('incomplete', 'SECSCAN_INCOMPLETE');
// @ts-expect-error: it would pass the filter by
new SecretFilter({ transform: (chunk, encoding, done) => done(null, chunk) });
