/*
 * small.mjs BYTES: nanoseconds for a buffer of so many bytes that holds
 * nothing, here and now, and by promises, 64 at once. SECSCAN_NODE_PACKAGE is
 * the package's folder. Compare with bench/bindings/small.c of the checkout.
 */
import { createRequire } from 'node:module';
import process from 'node:process';

const { Scanner } = createRequire(import.meta.url)(process.env.SECSCAN_NODE_PACKAGE);
const ROUNDS = 200000;
const AT_ONCE = 64;

const n = Number(process.argv[2] ?? 48);
const text = 'the quick brown fox jumps over the lazy dog\n';
const data = Buffer.from(text.repeat(n / text.length + 1)).subarray(0, n);
/* As C is measured: containers are bytes. */
const scanner = new Scanner({ containers: false });

function now() {
  for (let i = 0; i < ROUNDS; i++) {
    scanner.scanSync(data);
  }
}

async function later() {
  for (let i = 0; i < ROUNDS; i += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => scanner.scan(data)));
  }
}

async function measure(what, call) {
  await call(); /* warm */
  const began = process.hrtime.bigint();
  await call();
  console.log(`${what}: ${n} bytes: ${Number(process.hrtime.bigint() - began) / ROUNDS} ns`);
}

await measure('scanSync', now);
await measure('scan', later);
