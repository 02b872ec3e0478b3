// The service worker's line to the engine: a message port that a page of this origin hands over. Ports give no sign when
// the other end dies, and the browser ends a service worker whenever it likes, so the line is asked for anew when it is
// not there, and dropped when a request is not acknowledged.
import type { AppAck, AppReady, AppRequest, AppResponse, FromServiceWorker } from '@/protocol';

/** So soon an engine that is there and idle takes a request. */
const ACK_MS = 700;
/** So long one that has just said that it is there may be busy with other requests. */
const BUSY_MS = 20_000;
/** So long a page may take to say that it can reach the engine; it is asked twice. */
const FIND_MS = 1500;
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

interface Sending {
  readonly request: Content;
  readonly signal: AbortSignal;
  /** So long the engine may take to acknowledge it. */
  readonly patience: number;
  readonly ids: number[];
  readonly answered: (response: AppResponse) => void;
}

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

  /**
   * Sends a request and waits for its answer; one that the engine did not take is sent a second time. An engine that was
   * only busy answers one of the two copies, and that may be the first.
   */
  async request(request: Content, signal: AbortSignal): Promise<AppResponse> {
    const ids: number[] = [];
    let answered: (response: AppResponse) => void = () => undefined;
    const answer = new Promise<AppResponse>((resolve) => { answered = resolve; });
    const send = async (patience: number): Promise<AppResponse> => {
      await Promise.race([answer, this.#send({ request, signal, patience, ids, answered })]);
      return answer;
    };
    const gaveUp = aborted(signal);
    try {
      return await Promise.race([gaveUp, send(ACK_MS).catch((failure: unknown) => {
        if (!(failure instanceof EngineGone)) {
          throw failure;
        }
        this.drop();
        return send(BUSY_MS);
      })]);
    } finally {
      ids.forEach((id) => { this.#waiting.delete(id); });
    }
  }

  /** Settles when the engine has taken the request. */
  async #send({ request, signal, patience, ids, answered }: Sending): Promise<void> {
    const port = await this.#connect();
    const id = this.#next++;
    ids.push(id);
    signal.addEventListener('abort', () => { port.postMessage({ type: 'abort', id }); });
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => { reject(new EngineGone('the engine did not take the request')); }, patience);
      const acknowledged = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.#waiting.set(id, { acknowledged, answered: (response) => { acknowledged(); answered(response); } });
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

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => { reject(new DOMException('The page gave up.', 'AbortError')); }, { once: true });
  });
}
