import { clsx } from 'clsx';
import type { KeyboardEvent } from 'react';
import { useSeenInRow } from './seen-in-row';

interface TabRowProps<Id extends string> {
  /** The accessible name of the row. */
  readonly label: string;
  readonly tabs: readonly { readonly id: Id; readonly label: string }[];
  readonly current: Id;
  readonly onChoose: (id: Id) => void;
  /** Numbers behind labels; none for 0. */
  readonly badges?: Partial<Record<Id, number>>;
}

/** A row of tabs over `#tab-panel`: arrow keys move between them, and the chosen one is scrolled into view. */
export function TabRow<Id extends string>({ label: name, tabs, current, onChoose, badges = {} }: TabRowProps<Id>) {
  // badges change widths; a page that follows figures gives the same ones each second
  const row = useSeenInRow<HTMLDivElement>([current, ...tabs.map(({ id }) => badges[id] ?? 0)].join(' '));
  const onKeyDown = (event: KeyboardEvent) => {
    const here = tabs.findIndex(({ id }) => id === current);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: tabs.length - 1 }[event.key];
    const next = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (next === undefined) return;
    event.preventDefault();
    onChoose(next.id);
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return (
    <div ref={row} role="tablist" aria-label={name} onKeyDown={onKeyDown} className="flex gap-1 overflow-x-auto border-b border-line">
      {tabs.map(({ id, label }) => {
        const badge = badges[id] ?? 0;
        return (
          <button
            key={id}
            id={`tab-${id}`}
            type="button"
            role="tab"
            aria-selected={id === current}
            aria-controls="tab-panel"
            tabIndex={id === current ? 0 : -1}
            onClick={() => onChoose(id)}
            className={clsx('-mb-px shrink-0 border-b-2 px-3 py-2 font-medium focus-visible:-outline-offset-2', id === current ? 'border-accent text-fg' : 'border-transparent text-muted hover:text-fg')}
          >
            {label}
            {badge > 0 && <span className="ml-1.5 text-small text-faint">{badge}</span>}
          </button>
        );
      })}
    </div>
  );
}
