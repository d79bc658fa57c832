'use strict';
/*
 * filter.js: a stream that lets no secret through.
 *
 * Bytes are held until what follows them is known, so that a secret is seen
 * whole wherever the pieces end: a window [context | new bytes | context] is
 * scanned, and the new bytes of it go on, whole lines of them. What cannot be
 * judged ends the stream: nothing passes in silence.
 */
const { Transform } = require('node:stream');

const { SecscanError, SecretFoundError } = require('./errors.js');
const { Scanner } = require('./scanner.js');
const options = require('./options.js');

/* The widest rule has 64 KiB; the rest is what is read around it. */
const CONTEXT = 96 << 10;
const WINDOW = 256 << 10;
const MAX_HELD = 16 << 20;

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const STAR = 0x2a;
const MODES = ['mask', 'reject'];
const NO_BYTES = Buffer.alloc(0);

/* ---- what is masked --------------------------------------------------- */

/* Stars, as many as there are bytes; lines stay lines. */
function stars(bytes, shown) {
  const out = Buffer.from(bytes);
  for (let i = shown; i < out.length; i++) {
    if (out[i] !== NEWLINE && out[i] !== RETURN) {
      out[i] = STAR;
    }
  }
  return out;
}

/* Of UTF-16 both bytes of a unit have to change. */
function starsOfUtf16(bytes, isBigEndian) {
  const out = Buffer.alloc(bytes.length);
  for (let i = isBigEndian ? 1 : 0; i < out.length; i += 2) {
    out[i] = STAR;
  }
  return out;
}

/* How many bytes of the stream it has there; 0: it does not stand there. What
 * is in UTF-16 is told as the text that it is. */
function lengthOf({ place, secret, encoded }) {
  const [outer, ...inner] = place.encodings;
  const isWide = outer === 'utf-16';
  const isPlain = (isWide ? inner : place.encodings).length === 0;
  const text = isPlain ? secret : encoded ?? NO_BYTES;
  if (place.isMember) {
    return 0;
  }
  return isWide ? 2 * text.toString().length : text.length;
}

/* Where it stands in the window. */
function spanOf(one, finding) {
  const { place, publicPrefix } = one;
  const length = lengthOf(one);
  return { from: place.offset, to: place.offset + length, isWhole: length > 0,
           shown: place.encodings.length === 0 ? publicPrefix : 0, finding };
}

/* Also those of its parts, which are no findings of their own; one that is
 * encoded stands in the finding's own text. */
function spansOf(finding) {
  const parts = finding.parts.filter(({ place }) => place.encodings.length === 0 &&
                                                    !place.isMember);
  return [finding, ...parts].map((one) => spanOf(one, finding));
}

/* In order, and none in another. */
function apart(spans) {
  const out = [];
  for (const span of spans.slice().sort((a, b) => a.from - b.from || b.to - a.to)) {
    const last = out.at(-1);
    if (!last || span.from >= last.to) {
      out.push({ ...span });
    } else if (span.to > last.to) {
      last.to = span.to;
    }
  }
  return out;
}

/* ---- places of the stream --------------------------------------------- */

function countLines(bytes) {
  let n = 0;
  for (let i = bytes.indexOf(NEWLINE); i >= 0; i = bytes.indexOf(NEWLINE, i + 1)) {
    n++;
  }
  return n;
}

function shift(place, offset, lines) {
  return { ...place, offset: place.offset + offset,
           lineStart: place.lineStart + lines, lineEnd: place.lineEnd + lines };
}

/* Whole lines go, so that columns stay. */
function moveTo(finding, offset, lines) {
  finding.place = shift(finding.place, offset, lines);
  finding.places = finding.places.map((place) => shift(place, offset, lines));
  finding.parts = finding.parts.map(
    (part) => ({ ...part, place: shift(part.place, offset, lines) }));
  return finding;
}

function utf16Mark(bytes) {
  if (bytes.length < 2) {
    return '';
  }
  const mark = bytes.readUInt16BE(0);
  return mark === 0xfffe ? 'le' : mark === 0xfeff ? 'be' : '';
}

function choose(given, name, standard, min) {
  const value = given ?? standard;
  if (!Number.isSafeInteger(value) || value < min) {
    throw options.wrong(`${name} has to be a whole number from ${min}`);
  }
  return value;
}

/** A Transform of bytes that masks secrets, or ends with a SecretFoundError. */
class SecretFilter extends Transform {
  #scanner;
  #mode;
  #mask;
  #request = {};
  #onFinding;
  #context;
  #window;
  #maxHeld;

  #pieces = []; /* behind #held */
  #n_pieces = 0;
  #held = NO_BYTES; /* context that is out, and what waits */
  #sent = 0; /* bytes of #held that are out */
  #wait = 0; /* bytes that have to be held before another look is worth it */
  #offset = 0; /* of #held in the stream */
  #lines = 0;

  constructor({ scanner = new Scanner(), mode = 'mask', mask, name, onFinding,
                onSkipped, context, window, maxHeld, ...stream } = {}) {
    super({ ...stream, objectMode: false, decodeStrings: true });
    if (!MODES.includes(mode)) {
      throw options.wrong(`mode has to be one of: ${MODES.join(', ')}`);
    }
    this.#scanner = scanner;
    this.#mode = mode;
    this.#mask = mask;
    this.#onFinding = onFinding;
    this.#context = choose(context, 'context', CONTEXT, 4 << 10);
    this.#window = choose(window, 'window', WINDOW, 4 << 10);
    this.#maxHeld = choose(maxHeld, 'maxHeld', MAX_HELD,
                           this.#window + 2 * this.#context);
    if (name !== undefined) {
      this.#request.name = name;
    }
    if (onSkipped !== undefined) {
      this.#request.onSkipped = onSkipped;
    }
  }

  _transform(chunk, encoding, done) {
    this.#pieces.push(chunk);
    this.#n_pieces += chunk.length;
    const n = this.#held.length + this.#n_pieces;
    if (n - this.#sent < this.#window + this.#context || n < this.#wait) {
      done();
      return;
    }
    this.#look(false).then(() => done(), done);
  }

  _flush(done) {
    this.#look(true).then(() => done(), done);
  }

  _destroy(error, done) {
    this.#pieces = [];
    this.#held = NO_BYTES;
    done(error);
  }

  #gather() {
    this.#held = Buffer.concat([this.#held, ...this.#pieces]);
    this.#pieces = [];
    this.#n_pieces = 0;
  }

  async #look(isLast) {
    this.#gather();
    if (!isLast && this.#offset === 0 && utf16Mark(this.#held)) {
      this.#holdMore(); /* its mark counts for all of it */
      return;
    }
    const found = await this.#scanner.scan(this.#held, this.#request);
    const spans = this.#judge(found);
    const to = isLast ? this.#held.length : this.#cut(spans);
    if (to <= this.#sent && !isLast) {
      this.#holdMore();
      return;
    }
    this.#send(spans, to);
    this.#forget();
  }

  /* One line, or one secret, is longer than what is held. */
  #holdMore() {
    if (this.#held.length >= this.#maxHeld) {
      throw new SecscanError(
        `no place to cut in ${this.#held.length} bytes of the stream (maxHeld)`,
        'SECSCAN_ERR_LIMIT');
    }
    this.#wait = Math.min(2 * this.#held.length, this.#maxHeld);
  }

  /* The spans of what is not out yet; or the end. */
  #judge(found) {
    const ahead = found.filter((f) => spanOf(f, f).to > this.#sent ||
                                      f.place.isMember);
    if (this.#mode === 'reject') {
      const gating = ahead.filter((f) => f.gates);
      if (gating.length) {
        throw new SecretFoundError(gating.map((f) => this.#placed(f)));
      }
      return [];
    }
    const spans = ahead.flatMap(spansOf).filter((s) => s.to > this.#sent ||
                                                       !s.isWhole);
    const lost = spans.filter((s) => !s.isWhole || s.from < this.#sent);
    if (lost.length) {
      throw new SecretFoundError(lost.map((s) => this.#placed(s.finding)),
                                 'the stream holds a secret that cannot be masked');
    }
    return apart(spans);
  }

  #placed(finding) {
    return moveTo(finding, this.#offset, this.#lines);
  }

  /* The last line end with context behind it, and no secret across it. */
  #cut(spans) {
    let to = this.#lineEnd(this.#held.length - this.#context);
    for (const span of spans.slice().reverse()) {
      if (span.from < to && to < span.to) {
        to = this.#lineEnd(span.from);
      }
    }
    return to;
  }

  /* Behind the last line end in front of `at`; 0: there is none. */
  #lineEnd(at) {
    return at > 0 ? this.#held.lastIndexOf(NEWLINE, at - 1) + 1 : 0;
  }

  #send(spans, to) {
    const out = [];
    let at = this.#sent;
    for (const span of spans) {
      if (span.from < to) {
        out.push(this.#held.subarray(at, span.from), this.#hide(span));
        at = span.to;
      }
    }
    out.push(this.#held.subarray(at, to));
    this.#tell(spans, to);
    this.#sent = to;
    this.push(Buffer.concat(out));
  }

  #hide({ from, to, shown, finding }) {
    const bytes = this.#held.subarray(from, to);
    const mark = this.#offset === 0 ? utf16Mark(this.#held) : '';
    if (this.#mask) {
      return Buffer.from(this.#mask(finding), mark === 'le' ? 'utf16le' : 'utf8');
    }
    return mark ? starsOfUtf16(bytes, mark === 'be') : stars(bytes, shown);
  }

  #tell(spans, to) {
    if (!this.#onFinding) {
      return;
    }
    const told = new Set(spans.filter((s) => s.from < to).map((s) => s.finding));
    told.forEach((finding) => this.#onFinding(this.#placed(finding)));
  }

  /* Keep whole lines of context. */
  #forget() {
    const from = this.#lineEnd(this.#sent - this.#context);
    if (from > 0) {
      this.#lines += countLines(this.#held.subarray(0, from));
      this.#offset += from;
      this.#held = this.#held.subarray(from);
      this.#sent -= from;
    }
    this.#wait = 0;
  }
}

module.exports = { SecretFilter };
