'use strict';
/*
 * filter.js: a stream that lets no secret through.
 *
 * Each byte is scanned once, as a stream of the library's, and held until that
 * says that nothing which is found later begins in front of it. What cannot be
 * judged ends the stream: nothing passes in silence.
 */
const { Transform } = require('node:stream');

const { SecscanError, SecretFoundError } = require('./errors.js');
const { Scanner, poolOf, settle, standard } = require('./scanner.js');
const native = require('./native.js');
const options = require('./options.js');

const WINDOW = 64 << 10;
const MIN_WINDOW = 1 << 10;
const MAX_HELD = 16 << 20;
/* What is read around a chunk, and more. */
const LAG = 128 << 10;

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const STAR = 0x2a;
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

/* Text is written as the stream is; bytes are put there as they are. */
function inPlaceOf(shown, form) {
  if (typeof shown !== 'string' || !form) {
    return Buffer.from(shown);
  }
  const out = Buffer.from(shown, 'utf16le');
  return form === 'be' ? out.swap16() : out;
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

/* What a rule says of the name alone holds nothing. */
function isHeld({ secret, place }) {
  return secret.length > 0 || place.isMember;
}

/* Where it stands in the stream. */
function spanOf(one, finding) {
  const { place, publicPrefix } = one;
  const length = lengthOf(one);
  return { from: place.offset, to: place.offset + length, isWhole: length > 0,
           isWide: place.encodings[0] === 'utf-16',
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

function utf16Mark(bytes) {
  if (bytes.length < 2) {
    return '';
  }
  const mark = bytes.readUInt16BE(0);
  return mark === 0xfffe ? 'le' : mark === 0xfeff ? 'be' : '';
}

/* Without a mark: most of what a secret is written with has a zero above it. */
function utf16Form(bytes) {
  const zeros = [0, 0];
  bytes.forEach((byte, i) => { zeros[i % 2] += byte === 0; });
  return zeros[0] > zeros[1] ? 'be' : 'le';
}

function atLeast(min, value, name) {
  if (value < min) {
    throw options.wrong(`${name} has to be a whole number from ${min}`);
  }
}

/** A Transform of bytes that masks secrets, or ends with a SecretFoundError. */
class SecretFilter extends Transform {
  #stream;
  #mode;
  #mask;
  #onFinding;
  #onSkipped;
  #window;
  #maxHeld;

  #pieces = []; /* that are not scanned yet */
  #n_pieces = 0;
  #held = []; /* pieces that are scanned and not out; from #sent on */
  #n_held = 0;
  #sent = 0; /* bytes of the stream that are out */
  #spans = []; /* of what is held */
  #mark = ''; /* of UTF-16 */

  constructor({ scanner = standard(), ...given } = {}) {
    const { mode, mask, name, onFinding, onSkipped, window = WINDOW, maxHeld = MAX_HELD,
            ...stream } = options.read(given, { ...options.FILTER, ...options.STREAM });
    if (!(scanner instanceof Scanner)) {
      throw options.wrong('scanner has to be a Scanner');
    }
    atLeast(MIN_WINDOW, window, 'window');
    atLeast(2 * window + LAG, maxHeld, 'maxHeld');
    super(stream);
    this.#mode = mode;
    this.#mask = mask;
    this.#onFinding = onFinding;
    this.#onSkipped = onSkipped;
    this.#window = window;
    this.#maxHeld = maxHeld;
    this.#stream = native.streamNew(poolOf(scanner), name, window);
  }

  _transform(chunk, encoding, done) {
    this.#n_pieces += chunk.length;
    if (this.#n_pieces < this.#window) {
      this.#pieces.push(Buffer.from(chunk)); /* then it is the caller's again */
      done();
      return;
    }
    this.#pieces.push(chunk);
    this.#look(false).then(() => done(), done);
  }

  _flush(done) {
    this.#look(true).then(() => done(), done);
  }

  _destroy(error, done) {
    this.#pieces = [];
    this.#held = [];
    native.streamStop(this.#stream);
    done(error);
  }

  /* A copy of its own: what goes out is what was scanned. */
  #take() {
    const piece = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#n_pieces = 0;
    if (this.#sent + this.#n_held === 0) {
      this.#mark = utf16Mark(piece);
    }
    this.#held.push(piece);
    this.#n_held += piece.length;
    return piece;
  }

  async #look(isLast) {
    const { found, settled } =
      await native.streamFeed(this.#stream, this.#take(), isLast);
    if (this.destroyed) {
      return;
    }
    this.#judge(settle(found, this.#onSkipped).filter(isHeld));
    this.#send(isLast ? this.#sent + this.#n_held : this.#cut(settled));
    if (this.#n_held > this.#maxHeld) {
      throw new SecscanError(
        `${this.#n_held} bytes of the stream cannot be settled (maxHeld)`,
        'SECSCAN_ERR_LIMIT');
    }
  }

  /* The spans of what was found; or the end. */
  #judge(findings) {
    if (this.#mode === 'reject') {
      const gating = findings.filter((finding) => finding.gates);
      if (gating.length) {
        throw new SecretFoundError(gating);
      }
      return;
    }
    const spans = findings.flatMap(spansOf);
    const lost = spans.filter((s) => !s.isWhole || s.from < this.#sent);
    if (lost.length) {
      throw new SecretFoundError(lost.map((s) => s.finding),
                                 'the stream holds a secret that cannot be masked');
    }
    this.#spans = apart([...this.#spans, ...spans]);
  }

  /* Not inside of a secret: what is found later may overlap it. */
  #cut(settled) {
    const across = this.#spans.find(({ from, to }) => from < settled && settled < to);
    return across ? across.from : Math.max(settled, this.#sent);
  }

  #send(to) {
    if (to === this.#sent) {
      return;
    }
    const held = Buffer.concat(this.#held);
    const start = this.#sent;
    const bytes = (from, end) => held.subarray(from - start, end - start);
    const spans = this.#spans.filter(({ from }) => from < to);
    const out = [];
    let at = start;
    for (const span of spans) {
      out.push(bytes(at, span.from), this.#hide(bytes(span.from, span.to), span));
      at = span.to;
    }
    out.push(bytes(at, to));
    this.#held = [bytes(to, start + held.length)];
    this.#n_held -= to - start;
    this.#sent = to;
    this.#spans = this.#spans.slice(spans.length);
    this.#tell(spans);
    this.push(Buffer.concat(out));
  }

  #hide(bytes, { shown, finding, isWide }) {
    const form = this.#mark || (isWide ? utf16Form(bytes) : '');
    if (this.#mask) {
      return inPlaceOf(this.#mask(finding), form);
    }
    return form ? starsOfUtf16(bytes, form === 'be') : stars(bytes, shown);
  }

  #tell(spans) {
    if (this.#onFinding) {
      new Set(spans.map(({ finding }) => finding))
        .forEach((finding) => this.#onFinding(finding));
    }
  }
}

module.exports = { SecretFilter };
