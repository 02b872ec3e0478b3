import type { Disposable } from './disposable';

/** Time as the code sees it, so that tests need not wait. */
export interface Clock {
  now(): number;
  after(milliseconds: number, callback: () => void): Disposable;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return { dispose: () => clearTimeout(timer) };
  },
};

/** Runs a callback once after things have been quiet for `idle`, or `atMost` after the first request. */
export class Debouncer implements Disposable {
  private timer: Disposable | null = null;
  private first = 0;

  constructor(
    private readonly clock: Clock,
    private readonly callback: () => void,
    private idle: number,
    private atMost: number = Number.POSITIVE_INFINITY,
  ) {}

  configure(idle: number, atMost: number): void {
    this.idle = idle;
    this.atMost = atMost;
  }

  get isPending(): boolean {
    return this.timer !== null;
  }

  trigger(): void {
    const now = this.clock.now();
    if (this.timer === null) this.first = now;
    this.timer?.dispose();
    const wait = Math.max(0, Math.min(this.idle, this.first + this.atMost - now));
    this.timer = this.clock.after(wait, () => this.fire());
  }

  /** Runs now if something is waiting. */
  flush(): void {
    if (this.timer !== null) this.fire();
  }

  cancel(): void {
    this.timer?.dispose();
    this.timer = null;
  }

  dispose(): void {
    this.cancel();
  }

  private fire(): void {
    this.cancel();
    this.callback();
  }
}

/** Waiting times that double from `first` to `most`, with up to a quarter of random spread. */
export class Backoff {
  private attempt = 0;

  constructor(
    private readonly first = 1000,
    private readonly most = 30_000,
    private readonly random: () => number = Math.random,
  ) {}

  next(): number {
    const base = Math.min(this.most, this.first * 2 ** this.attempt);
    this.attempt++;
    return Math.round(base * (1 - this.random() / 4));
  }

  reset(): void {
    this.attempt = 0;
  }
}

/** Runs tasks one after the other. */
export class Sequencer {
  private last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const next = this.last.then(task, task);
    this.last = next.catch(() => undefined);
    return next;
  }
}

export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: Error): void;
}

export function deferred<T>(): Deferred<T> {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
