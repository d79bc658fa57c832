// git.mjs REPOSITORY [RANGE]: what a history holds, or what a range brings in.
// Exits as the command line does: 0 clean, 1 findings that gate, 3 incomplete.
import process from 'node:process';
import { Scanner } from 'secscan';

const [repository = '.', range] = process.argv.slice(2);
const scanner = new Scanner({ minSeverity: 'medium' });
const scan = scanner.scanGit(repository, {
  ...(range === undefined ? {} : { mode: 'range', range }),
  policy: true,
  onSkipped: (skip) => console.error(`not scanned: ${skip.reason} ${skip.path ?? ''}`),
});

for await (const finding of scan) {
  const [first] = finding.introductions;
  console.log(`${first?.commit.id.slice(0, 12)} ${finding.place.path}:` +
              `${finding.place.lineStart} ${finding.rule} ${finding.masked}`);
}
process.exitCode = scan.coverage?.exitCode ?? 3;
