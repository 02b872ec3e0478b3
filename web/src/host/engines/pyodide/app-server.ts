// Web apps that the engine serves: requests come through message ports from service workers, each is acknowledged at
// once, given its cookies, answered by Python, and stripped of what the browser must not see.
import type { AppAbort, AppAck, AppReady, AppRequest, AppResponse, PythonError, ServeTarget } from '@/protocol';
import { CookieJar, type Cookie } from './cookie-jar';
import { Exchange } from './exchange';

const FORGET_MS = 60_000;

interface PySite {
  start(): Promise<string | undefined>;
  stop(): Promise<void>;
  handle(exchange: Exchange): Promise<void>;
  destroy(): void;
}

export interface PyServing {
  open_site(kind: string, entry: string): PySite;
}

export interface AppServerEvents {
  /** Settles when no program runs: one that is suspended must not see its modules change, nor may Stop hit an app. */
  readonly idle: () => Promise<void>;
  /** A request was answered: files may have changed. */
  readonly answered: () => void;
  /** The answer waits for this. */
  readonly beforeAnswer: () => Promise<void>;
  /** The cookies of an origin changed. */
  readonly cookies: (origin: string, cookies: readonly Cookie[]) => void;
}

interface Served {
  readonly site: PySite;
  isStale: boolean;
}

/** An app that could not be imported. */
export class AppImportError extends Error {
  override readonly name = 'AppImportError';

  constructor(readonly error: PythonError) {
    super(`${error.type}: ${error.message}`);
  }
}

export class AppServer {
  readonly #sites = new Map<number, Served>();
  readonly #jars = new Map<string, CookieJar>();
  readonly #open = new WeakMap<MessagePort, Map<number, Exchange>>();
  readonly #taken = new Map<string, { line: MessagePort; id: number }>();

  constructor(private readonly python: PyServing, private readonly events: AppServerEvents) {}

  /** Imports the app and answers requests for `port` with it. */
  async serve(port: number, target: ServeTarget): Promise<void> {
    await this.unserve(port);
    const site = this.python.open_site(target.kind, target.entry);
    this.#sites.set(port, { site, isStale: false });
    const failure = await site.start();
    this.events.answered();
    if (typeof failure === 'string') {
      throw new AppImportError(JSON.parse(failure) as PythonError);
    }
  }

  async unserve(port: number): Promise<void> {
    const served = this.#sites.get(port);
    if (served !== undefined) {
      this.#sites.delete(port);
      await served.site.stop();
      served.site.destroy();
    }
  }

  /** The sources changed: each app is imported anew before its next request. */
  markStale(): void {
    for (const served of this.#sites.values()) {
      served.isStale = true;
    }
  }

  restoreCookies(origin: string, cookies: readonly Cookie[]): void {
    this.#jars.set(origin, new CookieJar(cookies));
  }

  /** Answers the requests that come through `line` with the app at `port`. */
  attach(port: number, line: MessagePort): void {
    line.onmessage = (event: MessageEvent<AppRequest | AppAbort>) => {
      const message = event.data;
      if (message.type === 'fetch') {
        this.#take(port, line, message);
      } else {
        this.#open.get(line)?.get(message.id)?.abort();
      }
    };
    line.postMessage({ type: 'ready' } satisfies AppReady);
  }

  /**
   * A service worker that hears nothing for a while (the engine ran a program) sends its request again over a new line.
   * The app sees it once, and the answer goes where it was sent last.
   */
  #take(port: number, line: MessagePort, request: AppRequest): void {
    line.postMessage({ type: 'ack', id: request.id } satisfies AppAck);
    const before = this.#taken.get(request.key);
    if (before !== undefined) {
      before.line = line;
      before.id = request.id;
      return;
    }
    const taken = { line, id: request.id };
    this.#taken.set(request.key, taken);
    const lines = this.#open.get(line) ?? new Map<number, Exchange>();
    this.#open.set(line, lines);
    void this.#handle(port, request, (exchange) => { lines.set(request.id, exchange); }, (answer, transfer) => {
      taken.line.postMessage({ type: 'head', id: taken.id, ...answer } satisfies AppResponse, transfer);
    }).finally(() => {
      lines.delete(request.id);
      // A copy may still be in the queue of another line.
      setTimeout(() => { this.#taken.delete(request.key); }, FORGET_MS);
    });
  }

  async #handle(port: number, request: AppRequest, opened: (exchange: Exchange) => void, reply: (answer: Omit<AppResponse, 'type' | 'id'>, transfer: Transferable[]) => void): Promise<void> {
    const served = this.#sites.get(port);
    if (served === undefined) {
      reply({ status: 502, headers: [['content-type', 'text/plain; charset=utf-8']], body: encode(`No app is served at port ${port}.`) }, []);
      return;
    }
    const url = new URL(request.url);
    const jar = this.#jar(url.origin);
    const isCookie = ([name]: readonly [string, string]): boolean => name.toLowerCase() === 'cookie';
    const cookie = jar.header(url, Date.now(), request.headers.find(isCookie)?.[1]);
    const headers = request.headers.filter((header) => !isCookie(header));
    const exchange = new Exchange({ ...request, headers: cookie === '' ? headers : [...headers, ['cookie', cookie]] }, (answer, transfer) => {
      const seen = { ...answer, headers: this.#takeCookies(answer.headers, url, jar) };
      void this.events.beforeAnswer().then(() => { reply(seen, transfer); });
    });
    opened(exchange);
    try {
      await this.events.idle();
      if (served.isStale) {
        served.isStale = false;
        await served.site.start();
      }
      await served.site.handle(exchange);
    } catch (failure) {
      if (!exchange.isSent()) {
        const text = failure instanceof Error ? failure.message : String(failure);
        reply({ status: 500, headers: [['content-type', 'text/plain; charset=utf-8']], body: encode(`The engine could not answer: ${text}`) }, []);
      }
    } finally {
      this.events.answered();
    }
  }

  #jar(origin: string): CookieJar {
    const jar = this.#jars.get(origin) ?? new CookieJar();
    this.#jars.set(origin, jar);
    return jar;
  }

  #takeCookies(headers: AppResponse['headers'], url: URL, jar: CookieJar): AppResponse['headers'] {
    const isCookie = ([name]: readonly [string, string]): boolean => name.toLowerCase() === 'set-cookie';
    const cookies = headers.filter(isCookie);
    for (const [, line] of cookies) {
      jar.take(line, url, Date.now());
    }
    if (cookies.length > 0) {
      this.events.cookies(url.origin, jar.cookies);
    }
    return headers.filter((header) => !isCookie(header));
  }
}

function encode(text: string): ArrayBuffer {
  return new TextEncoder().encode(text).buffer;
}
