'use strict';
/*
 * walk.js: findings that come one after the other, from a thread that waits
 * for who reads them.
 */
const { onAbort } = require('./abort.js');
const { Finding } = require('./finding.js');
const { IncompleteScanError } = require('./errors.js');
const native = require('./native.js');

/* Skips that an error lists; it counts no further. */
const MAX_SKIPS = 100;

/* Walks whose reader waits: nothing else may hold them while their thread is
 * busy. One that nobody reads is collected, and its thread ends. */
const waiting = new Set();

/** A scan of files or of a history. Nothing happens before the first next(). */
class Walk {
  /** After the end: what was scanned, and what was not. */
  coverage = null;

  #pool;
  #request;
  #signal;
  #onSkipped;
  #handle = null;
  #findings = [];
  #at = 0;
  #incomplete = [];
  #isOver = false;
  #wake = () => {};
  #forget = () => {}; /* the signal */
  #turn = Promise.resolve(); /* one next() after the other */
  #turns = 0; /* that have not ended */

  /** @internal */
  constructor(pool, { signal, onSkipped, ...request }) {
    this.#pool = pool;
    this.#request = request;
    this.#signal = signal;
    this.#onSkipped = onSkipped;
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  next() {
    if (this.#turns === 0 && this.#at < this.#findings.length && !this.#signal?.aborted) {
      return Promise.resolve(this.#shift());
    }
    this.#turns++;
    const turn = this.#turn.then(() => this.#advance());
    this.#turn = turn.catch(() => {}).then(() => { this.#turns--; });
    return turn;
  }

  async return(value) {
    this.#isOver = true;
    this.#drop();
    this.#stop(true);
    this.#wake();
    return { value, done: true };
  }

  async throw(error) {
    await this.return();
    throw error;
  }

  #shift() {
    return { value: this.#findings[this.#at++], done: false };
  }

  #drop() {
    this.#findings = [];
    this.#at = 0;
    this.#forget();
  }

  /* Without a reader the process need not wait for the thread. */
  #stop(isForgotten = false) {
    if (this.#handle !== null) {
      native.walkStop(this.#handle, isForgotten);
    }
  }

  #start() {
    this.#signal?.throwIfAborted();
    /* Neither the thread nor the signal holds a walk that nobody reads. */
    const weak = new WeakRef(this);
    this.#handle = native.walkStart(this.#pool, this.#request, () => {
      const walk = weak.deref();
      if (walk) {
        walk.#wake();
      }
    });
    if (this.#signal) {
      this.#forget = onAbort(this.#signal, () => {
        const walk = weak.deref();
        if (walk) {
          walk.#stop();
        }
      });
    }
  }

  async #advance() {
    try {
      return await this.#read();
    } catch (error) {
      this.#isOver = true;
      this.#stop(true);
      this.#drop();
      throw error;
    }
  }

  async #read() {
    while (!this.#isOver) {
      this.#signal?.throwIfAborted();
      if (this.#at < this.#findings.length) {
        return this.#shift();
      }
      if (this.#handle === null) {
        this.#start();
      }
      await this.#take();
    }
    return { value: undefined, done: true };
  }

  /* What the thread has; or wait until it has something. */
  async #take() {
    const woken = new Promise((resolve) => { this.#wake = resolve; });
    const batch = native.walkTake(this.#handle);
    if (batch === undefined) {
      waiting.add(this);
      await woken;
      waiting.delete(this);
    } else if (batch.isDone) {
      this.#end(batch);
    } else {
      this.#findings = batch.findings.map(Finding.of);
      this.#at = 0;
      batch.skips.forEach((skip) => this.#skip(skip));
    }
  }

  #skip(skip) {
    if (this.#onSkipped) {
      this.#onSkipped(skip);
    } else if (skip.isIncomplete && this.#incomplete.length < MAX_SKIPS) {
      this.#incomplete.push(skip);
    }
  }

  #end({ error, coverage = null }) {
    this.coverage = coverage;
    this.#isOver = true;
    this.#drop();
    this.#signal?.throwIfAborted();
    if (error) {
      throw error;
    }
    if (this.#incomplete.length) {
      throw new IncompleteScanError(this.#incomplete, [], coverage);
    }
  }
}

module.exports = { Walk };
