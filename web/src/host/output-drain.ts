// Takes the engine's output from the shared memory in pieces that a terminal can take: at most one piece a stream and
// frame, and no more than the rate below. When a program prints faster, the ring fills and the program waits, so nothing
// is lost and nothing grows.
import type { OutputStream, PageSide } from './shared-memory';

const FRAME_MS = 16;
const BYTES_PER_MS = 2 * 1024;
const LARGEST_PIECE = 64 * 1024;

export class OutputDrain {
  readonly #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = 0;
  #pending: { stream: OutputStream; text: string } | undefined;

  constructor(private readonly memory: PageSide, private readonly deliver: (stream: OutputStream, text: string) => void) {}

  /** Output waits: delivers it now, or a frame after the last delivery. */
  ring(): void {
    if (this.#timer === undefined) {
      const wait = Math.max(0, this.#last + FRAME_MS - performance.now());
      if (wait === 0) {
        this.#drain();
      } else {
        this.#timer = setTimeout(() => { this.#drain(); }, wait);
      }
    }
  }

  /** Delivers all output until this position at once: something follows it. */
  flushUntil(position: number): void {
    this.memory.takeOutput(0, position, this.#take);
    this.#deliverPending();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #drain(): void {
    this.#timer = undefined;
    const now = performance.now();
    const budget = Math.min(LARGEST_PIECE * 4, Math.max(LARGEST_PIECE / 2, (now - this.#last) * BYTES_PER_MS));
    this.#last = now;
    this.memory.takeOutput(budget, undefined, this.#take);
    this.#deliverPending();
    if (this.memory.hasOutput) {
      this.#timer = setTimeout(() => { this.#drain(); }, FRAME_MS);
    }
  }

  readonly #take = (stream: OutputStream, bytes: Uint8Array): void => {
    const text = this.#decoders[stream].decode(bytes, { stream: true });
    if (this.#pending?.stream === stream && this.#pending.text.length < LARGEST_PIECE) {
      this.#pending.text += text;
      return;
    }
    this.#deliverPending();
    this.#pending = { stream, text };
  };

  #deliverPending(): void {
    const piece = this.#pending;
    this.#pending = undefined;
    if (piece !== undefined && piece.text !== '') {
      this.deliver(piece.stream, piece.text);
    }
  }
}
