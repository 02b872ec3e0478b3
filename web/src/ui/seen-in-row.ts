import { useEffect, useRef, type RefObject } from 'react';

/** Keeps the chosen tab of a row in sight that may be wider than its place: scrolls the row, never the page. Looks when `what` changes. */
export function useSeenInRow<E extends HTMLElement>(what: string): RefObject<E | null> {
  const row = useRef<E>(null);
  useEffect(() => {
    const tab = row.current?.querySelector('[aria-selected=true]')?.getBoundingClientRect();
    if (row.current === null || tab === undefined) return;
    const { left, right } = row.current.getBoundingClientRect();
    if (tab.left < left) row.current.scrollLeft -= left - tab.left;
    else if (tab.right > right) row.current.scrollLeft += tab.right - right;
  }, [what]);
  return row;
}
