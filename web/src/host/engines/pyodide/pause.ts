// A wait of a Python program that is suspended: the browser's events go on, and the program when the time is over, when
// it is woken, or when the person stops it.
import type { WorkerSide } from '../../shared-memory';

/** Files that the program wrote are told this often. */
const SLICE_MS = 250;

export interface PauseEvents {
  readonly pause: () => void;
  readonly listening: (isListening: boolean) => void;
}

export class Pause {
  #wake: (() => void) | undefined;

  constructor(private readonly memory: WorkerSide, private readonly isStoppable: boolean, private readonly events: PauseEvents) {}

  /** Settles after this time at the latest; a negative one is no limit. Python says `end` when it goes on. */
  readonly wait = (milliseconds: number): Promise<void> => {
    this.events.pause();
    if (this.isStoppable) {
      // An interrupt must end this program, not whatever Python code the browser's events call meanwhile.
      this.events.listening(false);
    }
    return new Promise((resolve) => {
      const timer = milliseconds < 0 ? undefined : setTimeout(resolve, milliseconds);
      const slices = setInterval(this.events.pause, SLICE_MS);
      const wake = (): void => {
        clearTimeout(timer);
        clearInterval(slices);
        resolve();
      };
      this.#wake = wake;
      this.#watch(wake);
    });
  };

  readonly wake = (): void => { this.#wake?.(); };

  readonly end = (): void => {
    this.#wake?.();
    this.#wake = undefined;
    if (this.isStoppable) {
      this.events.listening(true);
    }
  };

  #watch(wake: () => void): void {
    if (!this.isStoppable || this.#wake !== wake) {
      return;
    }
    const signalled = this.memory.signalled();
    if (this.memory.isInterrupted) {
      wake();
    } else {
      void signalled.then(() => { this.#watch(wake); });
    }
  }
}
