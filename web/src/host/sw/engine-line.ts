// The service worker's line to the engine: a message port that a page of this origin hands over. Ports give no sign when
// the other end dies, and the browser ends a service worker whenever it likes, so the line is asked for anew when it is
// not there, and dropped when a request is not acknowledged.
import type { AppAck, AppReady, AppRequest, AppResponse, FromServiceWorker } from '@/protocol';

const ACK_MS = 700;
/** So long a page may take to say that it can reach the engine. */
const FIND_MS = 700;
/** So long an engine may take to start. */
const START_MS = 180_000;

export class EngineGone extends Error {
  override readonly name = 'EngineGone';
}

interface Waiting {
  acknowledged: () => void;
  answered: (response: AppResponse) => void;
}

type Content = Omit<AppRequest, 'type' | 'id'>;

export class EngineLine {
  #port: MessagePort | undefined;
  #finding: Promise<MessagePort> | undefined;
  #found: ((port: MessagePort) => void) | undefined;
  #coming: (() => void) | undefined;
  #next = 1;
  readonly #waiting = new Map<number, Waiting>();

  constructor(private readonly tellPages: (message: FromServiceWorker) => Promise<void>) {}

  /** A page gave a port; it is used once the engine, which may be busy with a program, has taken the other end. */
  use(port: MessagePort): void {
    this.expect();
    port.onmessage = (event: MessageEvent<AppReady | AppAck | AppResponse>) => {
      const message = event.data;
      if (message.type === 'ready') {
        this.#port = port;
        this.#found?.(port);
        return;
      }
      const waiting = this.#waiting.get(message.id);
      if (message.type === 'ack') {
        waiting?.acknowledged();
      } else {
        this.#waiting.delete(message.id);
        waiting?.answered(message);
      }
    };
  }

  /** A page said that the engine starts. */
  expect(): void {
    this.#coming?.();
  }

  /** A page said that its engine ended, or it does not listen: the next request asks for a new line. */
  drop(): void {
    // Not closed: answers that are on their way may still come.
    this.#port = undefined;
  }

  /** Sends a request and waits for its answer; one that the engine did not see is sent a second time. */
  async request(request: Content, signal: AbortSignal): Promise<AppResponse> {
    try {
      return await this.#send(request, signal);
    } catch (failure) {
      if (!(failure instanceof EngineGone)) {
        throw failure;
      }
      this.drop();
      return this.#send(request, signal);
    }
  }

  async #send(request: Content, signal: AbortSignal): Promise<AppResponse> {
    const port = await this.#connect();
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new EngineGone('the engine did not take the request'));
      }, ACK_MS);
      this.#waiting.set(id, { acknowledged: () => { clearTimeout(timer); }, answered: (response) => { clearTimeout(timer); resolve(response); } });
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        port.postMessage({ type: 'abort', id });
        reject(new DOMException('The page gave up.', 'AbortError'));
      });
      // The body is copied, not given away: a second try needs it.
      port.postMessage({ type: 'fetch', id, ...request } satisfies AppRequest);
    });
  }

  #connect(): Promise<MessagePort> {
    if (this.#port !== undefined) {
      return Promise.resolve(this.#port);
    }
    this.#finding ??= this.#find().finally(() => {
      this.#finding = undefined;
      this.#found = undefined;
      this.#coming = undefined;
    });
    return this.#finding;
  }

  #find(): Promise<MessagePort> {
    return new Promise((resolve, reject) => {
      const give = (why: string) => () => { reject(new EngineGone(why)); };
      let timer = setTimeout(give('no page can reach the engine'), FIND_MS);
      this.#found = (port) => {
        clearTimeout(timer);
        resolve(port);
      };
      this.#coming = () => {
        clearTimeout(timer);
        timer = setTimeout(give('the engine did not start'), START_MS);
      };
      void this.tellPages({ type: 'engine-wanted' });
    });
  }
}
