// rules.mjs RULES FILE: a file, with rules of one's own beside the built-in ones.
import process from 'node:process';
import { Rules, Scanner, SecscanError } from 'secscan';

const [rulesFile = 'rules.toml', file = 'input.txt'] = process.argv.slice(2);
try {
  const rules = await Rules.load(rulesFile);
  const scanner = new Scanner({ rules });
  for await (const finding of scanner.scanFile(file, { signal: AbortSignal.timeout(60_000) })) {
    console.log(JSON.stringify(finding));
  }
} catch (error) {
  if (!(error instanceof SecscanError)) {
    throw error;
  }
  console.error(error.code, error.line, error.column, error.message);
  process.exitCode = 2;
}
