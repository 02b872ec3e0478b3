// One engine for a workspace: the page whose engine runs holds the Web Lock. A tab that wants it asks the others over a
// broadcast channel; the holder ends its engine and lets go. A closed tab frees the lock by itself.

const LOCK = 'engine';
const CHANNEL = 'cloche-engine';
/** A tab that does not answer (frozen by the browser) keeps the lock. */
const TAKE_OVER_MS = 5_000;
/** After a reload the page before this one may still be on its way out: who has the engine is not asked before. */
const RELOAD_MS = 1_000;
/** So long the lock is waited for where nobody says that he has the engine. */
const SILENCE_MS = 5_000;

export class EngineLock {
  readonly #channel = new BroadcastChannel(CHANNEL);
  #release: (() => void) | undefined;
  #heldElsewhere: (() => void) | undefined;

  /** `onTaken` must end the engine: after it the lock is free. */
  constructor(onTaken: () => void) {
    this.#channel.onmessage = (event: MessageEvent<unknown>) => {
      if (event.data === 'held') {
        this.#heldElsewhere?.();
      } else if (this.#release !== undefined && event.data === 'who') {
        this.#channel.postMessage('held');
      } else if (this.#release !== undefined && event.data === 'take-over') {
        onTaken();
        this.release();
      }
    };
  }

  get isHeld(): boolean {
    return this.#release !== undefined;
  }

  /** Takes the lock when nobody has it. Answers whether this page has it now. */
  async tryAcquire(): Promise<boolean> {
    return this.isHeld || this.#request({ ifAvailable: true });
  }

  /** As `tryAcquire`, with patience for a page that is about to end: until a living one says that it has the engine. */
  async acquireSoon(): Promise<boolean> {
    if (this.isHeld) {
      return true;
    }
    const patience = new AbortController();
    const timers = [
      setTimeout(() => {
        this.#heldElsewhere = () => { patience.abort(); };
        this.#channel.postMessage('who');
      }, RELOAD_MS),
      setTimeout(() => { patience.abort(); }, SILENCE_MS),
    ];
    const held = await this.#request({ signal: patience.signal });
    timers.forEach(clearTimeout);
    this.#heldElsewhere = undefined;
    return held;
  }

  /** Asks the holder to let go and takes the lock. */
  async takeOver(): Promise<boolean> {
    if (this.isHeld) {
      return true;
    }
    this.#channel.postMessage('take-over');
    return this.#request({ signal: AbortSignal.timeout(TAKE_OVER_MS) });
  }

  /** Waits as long as it takes. */
  async acquire(): Promise<void> {
    if (!this.isHeld) {
      await this.#request({});
    }
  }

  release(): void {
    this.#release?.();
    this.#release = undefined;
  }

  #request(options: LockOptions): Promise<boolean> {
    return new Promise((resolve) => {
      navigator.locks
        .request(LOCK, options, async (lock) => {
          if (lock === null) {
            resolve(false);
            return;
          }
          await new Promise<void>((release) => {
            this.#release = release;
            resolve(true);
          });
        })
        .catch(() => { resolve(false); });
    });
  }
}
