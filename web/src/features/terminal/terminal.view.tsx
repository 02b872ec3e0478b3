import { clsx } from 'clsx';
import { ChevronDown, ChevronUp, Eraser, Plus, Search, TerminalSquare, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { TerminalTab } from '@/platform/terminals';
import { IconButton } from '@/ui/button';
import { useValue } from '@/ui/use-value';
import type { TerminalSession } from './terminal-session';
import type { Terminals } from './terminals';

/** The terminals of the panel, their tabs at the right. */
export function createTerminalView(terminals: Terminals) {
  return function TerminalView() {
    const tabs = useValue(terminals.tabs);
    const active = useValue(terminals.active);
    const isSearching = useValue(terminals.isSearching);
    const session = terminals.sessionOf(active);
    return (
      <div className="flex h-full">
        <div className="relative min-w-0 flex-1">
          <Screen session={session} />
          {isSearching && <SearchBox key={active} session={session} onClose={() => terminals.isSearching.set(false)} />}
        </div>
        <div className="flex w-36 shrink-0 flex-col border-l border-line bg-bg max-sm:w-10">
          <div className="flex justify-end gap-0.5 p-1 max-sm:flex-col">
            <IconButton small label="New Python terminal" onClick={() => terminals.newPython()}><Plus size={14} /></IconButton>
            <IconButton small label="Find in terminal" onClick={() => terminals.isSearching.update((is) => !is)}><Search size={13} /></IconButton>
            <IconButton small label="Clear terminal" onClick={() => terminals.clearActive()}><Eraser size={13} /></IconButton>
          </div>
          <ul aria-label="Terminals" className="min-h-0 flex-1 overflow-y-auto">
            {tabs.map((tab) => (
              <TerminalRow key={tab.id} tab={tab} isActive={tab.id === active} terminals={terminals} />
            ))}
          </ul>
        </div>
      </div>
    );
  };
}

function TerminalRow({ tab, isActive, terminals }: { readonly tab: TerminalTab; readonly isActive: boolean; readonly terminals: Terminals }) {
  return (
    <li className={clsx('group flex h-6 items-center', isActive ? 'bg-hover text-fg' : 'text-muted hover:bg-hover')}>
      <button
        type="button"
        aria-current={isActive}
        aria-label={`Terminal ${tab.title}`}
        className="flex min-w-0 flex-1 items-center gap-1.5 px-2 text-small focus-visible:-outline-offset-2"
        onClick={() => {
          terminals.activate(tab.id);
          terminals.sessionOf(tab.id).surface.focus();
        }}
      >
        <TerminalSquare size={13} aria-hidden className="shrink-0" />
        <span className="truncate max-sm:hidden">{tab.title}</span>
      </button>
      {tab.kind === 'python' && (
        <button type="button" aria-label={`Close terminal ${tab.title}`} className="mr-1 flex size-5 items-center justify-center rounded-row opacity-0 group-hover:opacity-100 hover:text-fg focus-visible:opacity-100" onClick={() => terminals.close(tab.id)}>
          <X size={12} aria-hidden />
        </button>
      )}
    </li>
  );
}

function Screen({ session }: { readonly session: TerminalSession }) {
  const container = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = container;
    if (current !== null) session.surface.attach(current);
    return () => session.surface.element.remove();
  }, [session]);
  return <div ref={container} className="h-full overflow-hidden bg-surface" />;
}

function SearchBox({ session, onClose }: { readonly session: TerminalSession; readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const found = useValue(session.surface.found);
  useEffect(() => () => session.surface.clearFind(), [session]);
  const find = (direction: 'next' | 'previous') => {
    if (text !== '') session.surface.find(text, direction);
  };
  const close = () => {
    session.surface.focus();
    onClose();
  };
  return (
    <div className="absolute top-1 right-3 z-10 flex max-w-[calc(100%-1rem)] items-center gap-0.5 rounded-control border border-line-strong bg-raised p-1 shadow-floating">
      <input
        autoFocus
        aria-label="Find in terminal"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          if (event.target.value === '') session.surface.clearFind();
          else session.surface.find(event.target.value, 'next');
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') find(event.shiftKey ? 'previous' : 'next');
          if (event.key === 'Escape') close();
        }}
        className="h-6 w-44 min-w-0 bg-transparent px-2 text-small focus-visible:outline-0"
      />
      <span role="status" className={clsx('min-w-14 shrink-0 px-1 text-right text-meta', found?.of === 0 ? 'text-err' : 'text-faint')}>{countOf(found)}</span>
      <IconButton small label="Previous match" onClick={() => find('previous')}><ChevronUp size={13} /></IconButton>
      <IconButton small label="Next match" onClick={() => find('next')}><ChevronDown size={13} /></IconButton>
      <IconButton small label="Close search" onClick={close}><X size={13} /></IconButton>
    </div>
  );
}

function countOf(found: { readonly at: number; readonly of: number } | null): string {
  if (found === null) return '';
  if (found.of === 0) return 'No match';
  return found.at > 0 ? `${found.at} of ${found.of}` : `${found.of} found`;
}
