// The memory that the host page and the engine's worker share, so that they can talk while Python blocks the worker:
// the interrupt flag, one line of standard input, and a ring with the output. Only this file knows the layout.

const WORD = 4;
const HEADER_WORDS = 16;
const STDIN_BYTES = 256 * 1024;
const RING_BYTES = 256 * 1024;
const RECORD_HEADER = 4;
/** A longer piece of output travels as several records. */
const LARGEST_RECORD = 32 * 1024;

// Words of the header.
const SIGNAL = 0;
const INTERRUPT = 1;
const INTERRUPTED_RUN = 2;
const STDIN_STATE = 3;
const STDIN_LENGTH = 4;
const WRITTEN = 5;
const READ = 6;
const BELL = 7;

const STDIN_EMPTY = 0;
const STDIN_LINE = 1;
const STDIN_END = 2;
const SIGINT = 2;

export type OutputStream = 'stdout' | 'stderr';

/** What the page writes for Python and reads from it. */
export class PageSide {
  readonly #words: Int32Array;
  readonly #stdin: Uint8Array;
  readonly #ring: Uint8Array;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(HEADER_WORDS * WORD + STDIN_BYTES + RING_BYTES)) {
    [this.#words, this.#stdin, this.#ring] = views(buffer);
  }

  /** Asks for a KeyboardInterrupt in the run with this number; a later run is not touched. */
  interrupt(run: number): void {
    Atomics.store(this.#words, INTERRUPTED_RUN, run);
    Atomics.store(this.#words, INTERRUPT, SIGINT);
    signal(this.#words);
  }

  /** Offers a line (with its newline) or, as `null`, the end of the input. Answers false when it is too long. */
  offerLine(text: string | null): boolean {
    const bytes = new TextEncoder().encode(text ?? '');
    if (bytes.length > STDIN_BYTES) {
      return false;
    }
    this.#stdin.set(bytes);
    Atomics.store(this.#words, STDIN_LENGTH, bytes.length);
    Atomics.store(this.#words, STDIN_STATE, text === null ? STDIN_END : STDIN_LINE);
    signal(this.#words);
    return true;
  }

  /**
   * Takes output until `position` or, without it, at most `budget` bytes, and lets the worker go on that waits for room.
   * Answers how many bytes it took.
   */
  takeOutput(budget: number, position: number | undefined, take: (stream: OutputStream, bytes: Uint8Array) => void): number {
    Atomics.store(this.#words, BELL, 0);
    const start = Atomics.load(this.#words, READ) >>> 0;
    if (position !== undefined && !this.#isAhead(position)) {
      return 0;
    }
    const end = (position ?? Atomics.load(this.#words, WRITTEN)) >>> 0;
    let at = start;
    while (at !== end && (position !== undefined || at - start < budget)) {
      const header = this.#copy(at, RECORD_HEADER);
      const length = (header[0] ?? 0) | ((header[1] ?? 0) << 8) | ((header[2] ?? 0) << 16);
      take(header[3] === 2 ? 'stderr' : 'stdout', this.#copy(at + RECORD_HEADER, length));
      at = (at + RECORD_HEADER + length) >>> 0;
    }
    Atomics.store(this.#words, READ, at | 0);
    signal(this.#words);
    return (at - start) >>> 0;
  }

  /** Whether output waits. */
  get hasOutput(): boolean {
    return Atomics.load(this.#words, READ) !== Atomics.load(this.#words, WRITTEN);
  }

  /** Whether the output until `position` has not been taken yet; positions wrap at 32 bits. */
  #isAhead(position: number): boolean {
    return ((position - Atomics.load(this.#words, READ)) | 0) > 0;
  }

  #copy(position: number, length: number): Uint8Array<ArrayBuffer> {
    const copy = new Uint8Array(length);
    const from = (position >>> 0) % RING_BYTES;
    const first = Math.min(length, RING_BYTES - from);
    copy.set(this.#ring.subarray(from, from + first));
    copy.set(this.#ring.subarray(0, length - first), first);
    return copy;
  }
}

export type Line = { readonly kind: 'line'; readonly text: string } | { readonly kind: 'end' } | { readonly kind: 'interrupted' };

/** What the worker does with the shared memory; its methods block. */
export class WorkerSide {
  /** Where Pyodide looks for signals. */
  readonly interruptBuffer: Int32Array;
  readonly #words: Int32Array;
  readonly #stdin: Uint8Array;
  readonly #ring: Uint8Array;
  /** One for all who wait: a waiter stays in the browser's list until the next signal. */
  #signalled: Promise<unknown> | undefined;

  /** `ring` is called when output waits that the page does not know of. */
  constructor(buffer: SharedArrayBuffer, private readonly ringBell: () => void) {
    [this.#words, this.#stdin, this.#ring] = views(buffer);
    this.interruptBuffer = this.#words.subarray(INTERRUPT, INTERRUPT + 1);
  }

  get isInterrupted(): boolean {
    return Atomics.load(this.#words, INTERRUPT) === SIGINT;
  }

  /** Forgets an interrupt that was meant for a run before this one, and a line that nobody asked for. */
  startRun(run: number): void {
    if (Atomics.load(this.#words, INTERRUPTED_RUN) !== run) {
      Atomics.store(this.#words, INTERRUPT, 0);
    }
    Atomics.store(this.#words, STDIN_STATE, STDIN_EMPTY);
  }

  endRun(): void {
    Atomics.store(this.#words, INTERRUPT, 0);
  }

  /** Waits; answers early when an interrupt comes. */
  sleep(milliseconds: number): void {
    const end = performance.now() + milliseconds;
    for (;;) {
      const seen = Atomics.load(this.#words, SIGNAL);
      const left = end - performance.now();
      if (left <= 0 || this.isInterrupted) {
        return;
      }
      Atomics.wait(this.#words, SIGNAL, seen, left);
    }
  }

  /** Settles when the page says anything: an interrupt, a line, room for output. Does not block. */
  signalled(): Promise<unknown> {
    if (this.#signalled === undefined) {
      const { async: isPending, value } = Atomics.waitAsync(this.#words, SIGNAL, Atomics.load(this.#words, SIGNAL));
      this.#signalled = isPending ? value.finally(() => { this.#signalled = undefined; }) : Promise.resolve();
    }
    return this.#signalled;
  }

  /** Drops a line that came before anybody asked. */
  clearLine(): void {
    Atomics.store(this.#words, STDIN_STATE, STDIN_EMPTY);
  }

  takeLine(): Line {
    for (;;) {
      const seen = Atomics.load(this.#words, SIGNAL);
      const state = Atomics.exchange(this.#words, STDIN_STATE, STDIN_EMPTY);
      if (state === STDIN_END) {
        return { kind: 'end' };
      }
      if (state === STDIN_LINE) {
        const bytes = this.#stdin.slice(0, Atomics.load(this.#words, STDIN_LENGTH));
        return { kind: 'line', text: new TextDecoder().decode(bytes) };
      }
      if (this.isInterrupted) {
        return { kind: 'interrupted' };
      }
      Atomics.wait(this.#words, SIGNAL, seen);
    }
  }

  /** Where the output ends now; messages carry it so that the page keeps the order. */
  get position(): number {
    return Atomics.load(this.#words, WRITTEN);
  }

  /** Blocks while the ring is full. After an interrupt the rest of the piece is dropped: the program is ending. */
  write(stream: OutputStream, bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; from += LARGEST_RECORD) {
      const piece = bytes.subarray(from, from + LARGEST_RECORD);
      if (!this.#waitForRoom(piece.length + RECORD_HEADER)) {
        return;
      }
      const at = this.position;
      const header = [piece.length & 255, (piece.length >> 8) & 255, piece.length >> 16, stream === 'stderr' ? 2 : 1];
      this.#put(at, Uint8Array.from(header));
      this.#put(at + RECORD_HEADER, piece);
      Atomics.store(this.#words, WRITTEN, (at + RECORD_HEADER + piece.length) | 0);
      if (Atomics.exchange(this.#words, BELL, 1) === 0) {
        this.ringBell();
      }
    }
  }

  #waitForRoom(bytes: number): boolean {
    for (;;) {
      const seen = Atomics.load(this.#words, SIGNAL);
      const used = (Atomics.load(this.#words, WRITTEN) - Atomics.load(this.#words, READ)) >>> 0;
      if (used + bytes <= RING_BYTES) {
        return true;
      }
      if (this.isInterrupted) {
        return false;
      }
      Atomics.wait(this.#words, SIGNAL, seen);
    }
  }

  #put(position: number, bytes: Uint8Array): void {
    const from = (position >>> 0) % RING_BYTES;
    const first = Math.min(bytes.length, RING_BYTES - from);
    this.#ring.set(bytes.subarray(0, first), from);
    this.#ring.set(bytes.subarray(first), 0);
  }
}

function views(buffer: SharedArrayBuffer): [Int32Array, Uint8Array, Uint8Array] {
  const header = HEADER_WORDS * WORD;
  return [
    new Int32Array(buffer, 0, HEADER_WORDS),
    new Uint8Array(buffer, header, STDIN_BYTES),
    new Uint8Array(buffer, header + STDIN_BYTES, RING_BYTES),
  ];
}

function signal(words: Int32Array): void {
  Atomics.add(words, SIGNAL, 1);
  Atomics.notify(words, SIGNAL);
}
