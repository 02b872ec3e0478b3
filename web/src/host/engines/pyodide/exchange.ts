// One HTTP request of a page on its way through a Python web app. Python calls its methods; the answer is posted whole
// when it is small and quick, as a stream otherwise.
import type { AppResponse } from '@/protocol';

export interface RawRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: ArrayBuffer | null;
}

export type Headers = readonly (readonly [string, string])[];

/** Bytes of Python, lent for the time of a call. */
interface Lent {
  toJs(): Uint8Array;
  destroy(): void;
}

const STREAM_AHEAD = 256 * 1024;
const LARGEST_BARE_PAGE = 512;

export class Exchange {
  readonly method: string;
  readonly url: string;
  /** JSON of pairs. */
  readonly headers: string;
  #body: ArrayBuffer | null;
  #status: number | undefined;
  #answerHeaders: Headers = [];
  #chunks: Uint8Array[] = [];
  #stream: ReadableStreamDefaultController<Uint8Array> | undefined;
  #sent = false;
  #gone = false;
  #wakeReader: (() => void)[] = [];

  constructor(request: RawRequest, private readonly post: (answer: Omit<AppResponse, 'type' | 'id'>, transfer: Transferable[]) => void) {
    this.method = request.method;
    this.url = request.url;
    this.headers = JSON.stringify(request.headers);
    this.#body = request.body;
  }

  takeBody(): ArrayBuffer {
    const body = this.#body ?? new ArrayBuffer(0);
    this.#body = null;
    return body;
  }

  head(status: number, headers: string): void {
    this.#status = status;
    this.#answerHeaders = JSON.parse(headers) as Headers;
  }

  chunk(data: Lent): void {
    const bytes = data.toJs().slice();
    data.destroy();
    if (this.#stream === undefined) {
      this.#chunks.push(bytes);
    } else if (!this.#gone) {
      this.#stream.enqueue(bytes);
    }
  }

  /** For an error page in place of what the app began. */
  replaceBody(data: Lent): void {
    this.#chunks = [];
    this.chunk(data);
  }

  /** Sends what there is, and what follows as it comes. */
  stream(): void {
    if (this.#sent) {
      return;
    }
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => { this.#stream = controller; },
        pull: () => { this.#wake(); },
        cancel: () => { this.abort(); },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: STREAM_AHEAD }),
    );
    for (const chunk of this.#chunks) {
      this.#stream?.enqueue(chunk);
    }
    this.#send(body, [body]);
  }

  /** The app has said all: an answer that is not a server error can go before the app returns. */
  complete(): void {
    if (this.#status !== 500) {
      this.end();
    }
  }

  /** The app returned. */
  end(): void {
    if (this.#stream !== undefined) {
      if (!this.#gone) {
        this.#gone = true;
        this.#stream.close();
      }
    } else if (!this.#sent) {
      const bytes = concatenate(this.#chunks);
      this.#send(bytes.length === 0 ? null : bytes.buffer, bytes.length === 0 ? [] : [bytes.buffer]);
    }
    this.#wake();
  }

  isSent(): boolean {
    return this.#sent;
  }

  /** Whether the app made an error page of its own, in place of its framework's bare one. */
  hasOwnAnswer(): boolean {
    const size = this.#chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    return this.#status !== undefined && size > 0
      && (size > LARGEST_BARE_PAGE || !new TextDecoder().decode(concatenate(this.#chunks)).includes('Internal Server Error'));
  }

  /** Settles with whether the reader wants more: false when he is gone. */
  async wantsMore(): Promise<boolean> {
    while (!this.#gone && this.#stream !== undefined && (this.#stream.desiredSize ?? 0) <= 0) {
      await this.#change();
    }
    return !this.#gone;
  }

  /** Settles when the reader is gone. */
  async closed(): Promise<void> {
    while (!this.#gone) {
      await this.#change();
    }
  }

  /** The page does not want the answer any more. */
  abort(): void {
    this.#gone = true;
    this.#wake();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => { this.#wakeReader.push(resolve); });
  }

  #wake(): void {
    const waiting = this.#wakeReader;
    this.#wakeReader = [];
    waiting.forEach((resolve) => { resolve(); });
  }

  #send(body: ArrayBuffer | ReadableStream<Uint8Array> | null, transfer: Transferable[]): void {
    this.#sent = true;
    this.#chunks = [];
    this.post({ status: this.#status ?? 500, headers: this.#answerHeaders, body }, transfer);
  }
}

function concatenate(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
