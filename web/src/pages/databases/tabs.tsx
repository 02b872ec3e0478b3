import { clsx } from 'clsx';
import { useEffect, useRef, type KeyboardEvent } from 'react';

export const TABS = [
  { id: 'tables', label: 'Tables' },
  { id: 'reducers', label: 'Reducers' },
  { id: 'sql', label: 'SQL' },
  { id: 'logs', label: 'Logs' },
  { id: 'clients', label: 'Clients' },
  { id: 'activity', label: 'Activity' },
  { id: 'migrations', label: 'Migrations' },
] as const;
export type TabId = (typeof TABS)[number]['id'];

export function isTab(word: unknown): word is TabId {
  return TABS.some(({ id }) => id === word);
}

/** The row of tabs: arrow keys move between them. */
export function TabRow({ current, onChoose, badges }: { readonly current: TabId; readonly onChoose: (id: TabId) => void; readonly badges: Partial<Record<TabId, number>> }) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    row.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current, badges]);
  const onKeyDown = (event: KeyboardEvent) => {
    const here = TABS.findIndex(({ id }) => id === current);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: TABS.length - 1 }[event.key];
    const next = to === undefined ? undefined : TABS[(to + TABS.length) % TABS.length];
    if (next === undefined) return;
    event.preventDefault();
    onChoose(next.id);
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return (
    <div ref={row} role="tablist" aria-label="Parts of the database" onKeyDown={onKeyDown} className="flex gap-1 overflow-x-auto border-b border-line">
      {TABS.map(({ id, label }) => (
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
          {(badges[id] ?? 0) > 0 && <span className="ml-1.5 text-small text-faint">{badges[id]}</span>}
        </button>
      ))}
    </div>
  );
}
