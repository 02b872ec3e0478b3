import { useCallback, useRef, useSyncExternalStore } from 'react';
import type { ReadableStore } from '@/base/store';

/** The value of a store; draws again when it changes. */
export function useValue<T>(store: ReadableStore<T>): T {
  return useSyncExternalStore(store.subscribe, store.getState);
}

/** A part of a store's value; draws again only when the part changes. `select` must give equal parts for equal values. */
export function useSelected<T, P>(store: ReadableStore<T>, select: (value: T) => P): P {
  const last = useRef<{ value: T; part: P; select: (value: T) => P } | null>(null);
  const get = useCallback(() => {
    const value = store.getState();
    if (last.current === null || last.current.value !== value || last.current.select !== select) {
      last.current = { value, part: select(value), select };
    }
    return last.current.part;
  }, [store, select]);
  return useSyncExternalStore(store.subscribe, get);
}
