/** Find committed credentials in buffers, streams, files and git histories. */
import { Transform, TransformOptions } from 'node:stream';

export type Severity = 'info' | 'low' | 'medium' | 'high' | 'critical';
export type Evidence = 'context' | 'pattern' | 'structure' | 'checksum';
/** Which findings gate: `docs/exit-codes.md`. */
export type Profile = 'report' | 'block' | 'strict';
export type Data = string | Uint8Array | ArrayBufferLike | ArrayBufferView;

export declare const version: string;

/** Lines and columns are 1-based; columns count code points. */
export interface Place {
  /** A member of a container is "outer.zip!inner/file". */
  readonly path: string | null;
  /** Hex id in git; null elsewhere. */
  readonly object: string | null;
  /** Bytes from the start of what was scanned, as it is stored. */
  readonly offset: number;
  readonly lineStart: number;
  readonly lineEnd: number;
  readonly columnStart: number;
  readonly columnEnd: number;
  /** "buffer", "file", "blob", "commit-message" ... */
  readonly source: string;
  readonly isMember: boolean;
  /** How the secret is written there, outermost first; empty: plainly. */
  readonly encodings: readonly string[];
}

export interface Commit {
  readonly id: string;
  readonly authorName: string;
  readonly authorEmail: string;
  readonly subject: string;
  /** Seconds since 1970. */
  readonly authorTime: number;
  /** Minutes east of UTC. */
  readonly authorOffset: number;
  readonly commitTime: number;
}

export type Reach = 'ref' | 'stash' | 'reflog' | 'unreachable';

export interface Introduction {
  readonly commit: Commit;
  readonly place: Place;
  readonly reach: Reach;
  /** The border of a shallow clone: "at or before" this commit. */
  readonly isBoundary: boolean;
}

/** What stands near a secret and belongs to it: a key's id, a user. */
export interface Part {
  readonly rule: string;
  readonly description: string;
  readonly role: string;
  readonly fingerprint: string;
  /** Raw bytes, not enumerable: mask before showing. */
  readonly secret: Buffer;
  readonly publicPrefix: number;
  readonly place: Place;
}

/** One finding. Printed with console.log or turned to JSON, it is masked. Its
 * raw bytes are not enumerable: a spread, a clone or a message has none. */
export declare class Finding {
  private constructor();
  readonly rule: string;
  readonly description: string;
  readonly category: string;
  readonly severity: Severity;
  readonly evidence: Evidence;
  /** 0 to 100. */
  readonly confidence: number;
  readonly gates: boolean;
  /** Of the secret alone: "s1:" and 24 hex digits. */
  readonly fingerprint: string;
  readonly reason: string;
  /** How to revoke and rotate. */
  readonly advice: string;
  /** Other rules that matched here. */
  readonly also: readonly string[];
  readonly suppressedBy: string | null;
  readonly suppressedReason: string | null;
  /** Raw bytes: mask before showing. */
  readonly secret: Buffer;
  /** Leading bytes of the secret that may be shown. */
  readonly publicPrefix: number;
  /** As secret as `secret`: the match, the encoded text, the line. */
  readonly match: Buffer;
  readonly encoded: Buffer;
  readonly line: Buffer;
  /** Where in `line` the secret starts. */
  readonly secretAt: number;
  readonly place: Place;
  readonly places: readonly Place[];
  readonly parts: readonly Part[];
  /** Histories; null and empty elsewhere. */
  readonly reach: Reach | null;
  readonly introductions: readonly Introduction[];
  readonly removals: readonly Commit[];
  readonly commitCount: number;
  readonly pathCount: number;
  readonly inHead: boolean;
  /** Ranges: it was there before. */
  readonly isKnown: boolean;
  readonly knownPath: string | null;
  readonly submodule: string | null;
  readonly refs: readonly string[];
  readonly refCount: number;
  /** What may be shown of the secret. */
  readonly masked: string;
  toJSON(): Record<string, unknown>;
}

/** Something that was not scanned, and why. */
export interface Skip {
  readonly path: string | null;
  readonly object: string | null;
  readonly reason: string;
  readonly detail: string;
  /** The scan is incomplete because of it. */
  readonly isIncomplete: boolean;
}

export interface Note {
  readonly kind: string;
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** What a scan of files or of a history has read. */
export interface Coverage {
  readonly mode: string;
  readonly isComplete: boolean;
  readonly isShallow: boolean;
  readonly isPartial: boolean;
  readonly units: number;
  readonly bytes: number;
  readonly decodedBytes: number;
  readonly files: number;
  readonly blobs: number;
  readonly commits: number;
  readonly trees: number;
  readonly tags: number;
  readonly refs: number;
  readonly objects: number;
  readonly containers: number;
  readonly members: number;
  readonly cached: number;
  readonly findings: number;
  readonly gating: number;
  readonly suppressed: number;
  readonly unlisted: number;
  readonly skips: readonly { readonly reason: string; readonly count: number;
                             readonly isIncomplete: boolean }[];
  readonly notes: readonly Note[];
  readonly warning: string;
  readonly rulesVersion: string;
  /** 0 clean and complete, 1 findings that gate, 3 incomplete. */
  readonly exitCode: number;
}

/** What the library says: `code` is the name of a status ("SECSCAN_ERR_RULE"). */
export declare class SecscanError extends Error {
  constructor(message: string, code: string, line?: number, column?: number);
  readonly code: string;
  /** 1-based; 0: not known. */
  readonly line: number;
  readonly column: number;
}

/** Not everything was scanned, and there was no `onSkipped` to be told. */
export declare class IncompleteScanError extends SecscanError {
  constructor(skips: readonly Skip[], findings?: readonly Finding[], coverage?: Coverage | null);
  /** The first of them. */
  readonly skips: readonly Skip[];
  /** Of a buffer; an iterator has yielded them. */
  readonly findings: readonly Finding[];
  readonly coverage: Coverage | null;
}

export declare class SecretFoundError extends SecscanError {
  constructor(findings: readonly Finding[], message?: string);
  readonly findings: readonly Finding[];
}

export interface RulesOptions {
  /** false: only what the files hold. */
  builtin?: boolean;
  /** false: do not use the private cache of compiled rules. */
  useCache?: boolean;
  /** Read the files as gitleaks does. */
  gitleaks?: boolean;
  /** The files come from who is being judged. */
  untrusted?: boolean;
  /** An allowlist that matches nothing or everything is an error. */
  strict?: boolean;
  cacheDir?: string;
  /** What errors call the text of parse. */
  name?: string;
  /** Ids of rules to leave out. */
  without?: string[];
  extendRoot?: string;
  /** parse: files that are read before the text. */
  joined?: string[];
}

export interface Rule {
  readonly id: string;
  readonly description: string;
  readonly category: string;
  readonly severity: Severity;
  readonly evidence: Evidence;
  readonly confidence: number;
  readonly isBuiltin: boolean;
  readonly isPreview: boolean;
  readonly isPartOnly: boolean;
  readonly regex: string;
  readonly path: string;
  readonly grants: string;
  readonly advice: string;
  readonly check: string;
  readonly references: readonly string[];
  readonly aliases: readonly string[];
}

/** Which credentials there are to be found; immutable. */
export declare class Rules implements Iterable<Rule> {
  private constructor();
  /** The rules that the library brings. */
  static builtin(): Rules;
  /** From TOML files; a wrong one is a SecscanError with line and column. */
  static load(paths: string | string[], options?: RulesOptions): Promise<Rules>;
  static loadSync(paths: string | string[], options?: RulesOptions): Rules;
  static parse(toml: Data, options?: RulesOptions): Promise<Rules>;
  static parseSync(toml: Data, options?: RulesOptions): Rules;
  readonly size: number;
  /** A digest of the rules' text. */
  readonly version: string;
  /** What is no error and worth knowing: "file:line:column: ...". */
  readonly notes: string[];
  /** By id or alias. */
  find(id: string): Rule | undefined;
  [Symbol.iterator](): Iterator<Rule>;
}

/** As secscan_scan_options in secscan.h; what is left out is the default. */
export interface ScannerOptions {
  rules?: Rules;
  /** For trees and histories; 0: one a processor. */
  threads?: number;
  chunkSize?: number;
  maxFileSize?: number;
  maxObjectSize?: number;
  /** Key of the fingerprints, 16 to 64 bytes. */
  fingerprintKey?: Data;
  profile?: Profile;
  minSeverity?: Severity;
  minEvidence?: Evidence;
  minConfidence?: number;
  categories?: string[];
  notCategories?: string[];
  minPasswordLength?: number;
  gateSeverity?: Severity;
  gateEvidence?: Evidence;
  showSuppressed?: boolean;
  /** false: marks hide nothing, and are told. */
  suppress?: boolean;
  newOnly?: boolean;
  /** false: encodings are plain text. */
  decode?: boolean;
  /** false: containers are plain bytes. */
  containers?: boolean;
  /** What is found plainly is told where it is encoded, too: for who masks. */
  everyPlace?: boolean;
  maxDepth?: number;
  maxSeconds?: number;
  maxRatio?: number;
  maxEntries?: number;
  maxDecoded?: number;
  maxMember?: number;
  maxUnpacked?: number;
}

/** Without `onSkipped` a scan that is incomplete is an IncompleteScanError. */
export interface SkipOptions {
  onSkipped?: (skip: Skip) => void;
}

export interface ScanSyncOptions extends SkipOptions {
  /** The path that findings and rules about paths see. */
  name?: string;
}

export interface ScanOptions extends ScanSyncOptions {
  signal?: AbortSignal;
}

export interface FileOptions extends SkipOptions {
  signal?: AbortSignal;
}

export interface PolicyOptions extends FileOptions {
  /** Let the repository's ignore files, baseline and marks hide findings. */
  policy?: boolean;
  /** false: marks in lines hide nothing. */
  inlineMarks?: boolean;
  /** Judge a change by its own files. */
  adopt?: boolean;
}

export interface TreeOptions extends PolicyOptions {
  /** false: scan ignored files, too. */
  gitignore?: boolean;
  followSymlinks?: boolean;
}

/** One ref of a push; ids are hex, zeros for a ref that is made or deleted. */
export interface Update {
  ref: string;
  oldId: string;
  newId: string;
}

/** As secscan_git_options in secscan_git.h. */
export interface GitOptions extends PolicyOptions {
  mode?: 'history' | 'range' | 'staged' | 'push';
  /** "A..B", "A...B" or "B". */
  range?: string;
  index?: string;
  cache?: string;
  cacheKey?: Data;
  updates?: Update[];
  remote?: string;
  receive?: boolean;
  objectDirs?: string[];
  commits?: string[];
  /** Ranges and pushes: milliseconds after which no other commit is begun; the rest
   * are skips. */
  deadline?: number;
  gateRef?: string;
  gateUnreachable?: boolean;
  submodules?: boolean;
}

/** Findings as they come. Begins with the first next(); the scan waits for who
 * reads, and ends with return(): `break` in a loop. */
export interface Scan extends AsyncIterableIterator<Finding> {
  /** null until the end. */
  readonly coverage: Coverage | null;
  return(value?: unknown): Promise<IteratorResult<Finding>>;
  throw(error?: unknown): Promise<IteratorResult<Finding>>;
}

export declare class Scanner {
  constructor(options?: ScannerOptions);
  /** Off the event loop. `data` is copied, and may be written to at once. */
  scan(data: Data, options?: ScanOptions): Promise<Finding[]>;
  /** On this thread: for what is small. */
  scanSync(data: Data, options?: ScanSyncOptions): Finding[];
  scanFile(path: string, options?: FileOptions): Scan;
  scanTree(paths: string | string[], options?: TreeOptions): Scan;
  scanGit(path: string, options?: GitOptions): Scan;
}

/** With the built-in rules and no options. */
export declare function scan(data: Data, options?: ScanOptions): Promise<Finding[]>;
export declare function scanSync(data: Data, options?: ScanSyncOptions): Finding[];
export declare function scanFile(path: string, options?: FileOptions): Scan;
export declare function scanTree(paths: string | string[], options?: TreeOptions): Scan;
export declare function scanGit(path: string, options?: GitOptions): Scan;

export interface SecretFilterOptions
  extends Pick<TransformOptions, 'highWaterMark' | 'readableHighWaterMark' |
                 'writableHighWaterMark' | 'encoding' | 'defaultEncoding' | 'emitClose' |
                 'autoDestroy' | 'allowHalfOpen' | 'signal'>,
          SkipOptions {
  scanner?: Scanner;
  /** Default: "mask". "reject" ends the stream with a SecretFoundError. */
  mode?: 'mask' | 'reject';
  /** What stands for a secret; default: its public prefix and stars. Text becomes
   * UTF-16 in a stream of UTF-16. */
  mask?: (finding: Finding) => string | Uint8Array;
  name?: string;
  /** Told of each that was masked, with its place in the stream. */
  onFinding?: (finding: Finding) => void;
  /** Bytes that are looked at in one go; default: 64 KiB. */
  window?: number;
  /** Bytes to hold at most while nothing can be settled; default: 16 MiB. */
  maxHeld?: number;
}

/** A Transform of bytes that lets no secret through. */
export declare class SecretFilter extends Transform {
  constructor(options?: SecretFilterOptions);
}
