import { disposable, type Disposable } from './disposable';

export type Event<T> = (listener: (value: T) => void) => Disposable;

/** Calls listeners in the order in which they came; one that throws does not keep the others from hearing. */
export class Emitter<T> {
  private readonly listeners = new Set<(value: T) => void>();

  readonly event: Event<T> = (listener) => {
    this.listeners.add(listener);
    return disposable(() => this.listeners.delete(listener));
  };

  emit(value: T): void {
    for (const listener of [...this.listeners]) {
      try {
        listener(value);
      } catch (error) {
        reportError(error);
      }
    }
  }
}
