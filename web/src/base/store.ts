import { disposable, type Disposable } from './disposable';

/** A value that can be watched; the shape that React's useSyncExternalStore and zustand readers expect. */
export interface ReadableStore<T> {
  getState(): T;
  subscribe(listener: () => void): () => void;
}

/** The smallest store: replaces its value as a whole and tells listeners when it differs. */
export class ValueStore<T> implements ReadableStore<T> {
  private readonly listeners = new Set<() => void>();

  constructor(private value: T) {}

  getState = (): T => this.value;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  set(value: T): void {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const listener of [...this.listeners]) listener();
  }

  update(change: (value: T) => T): void {
    this.set(change(this.value));
  }

  watch(listener: (value: T) => void): Disposable {
    return disposable(this.subscribe(() => listener(this.value)));
  }
}
