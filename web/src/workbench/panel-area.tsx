import { clsx } from 'clsx';
import { X } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { ValueStore } from '@/base/store';
import { IconButton } from '@/ui/button';
import { useSeenInRow } from '@/ui/seen-in-row';
import { useValue } from '@/ui/use-value';
import type { View } from './contribution';
import { defaultLayout } from './layout-store';
import { SplitHandle } from './split-handle';
import { useSession } from './workbench-context';

const none = new ValueStore(0);

/** Terminal, problems, output: below the editors. */
export function PanelArea() {
  const { views, layout } = useSession();
  const { panel, isPanelOpen, panelHeight } = useValue(layout);
  const all = useValue(views).filter((view) => view.place === 'panel');
  const shown = all.find((view) => view.id === panel) ?? all[0];
  const row = useSeenInRow<HTMLDivElement>(`${isPanelOpen} ${shown?.id}`);
  if (!isPanelOpen || shown === undefined) return null;
  const Content = shown.component;
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (direction === undefined) return;
    const next = all[(all.indexOf(shown) + direction + all.length) % all.length];
    if (next === undefined) return;
    layout.showPanel(next.id);
    document.getElementById(`panel-tab-${next.id}`)?.focus();
  };
  return (
    <>
      <SplitHandle
        label="Height of the panel"
        orientation="horizontal"
        size={panelHeight}
        least={90}
        most={() => Math.max(120, window.innerHeight - 220)}
        sign={-1}
        onResize={(height) => layout.setPanelHeight(height)}
        onReset={() => layout.setPanelHeight(defaultLayout.panelHeight)}
      />
      <section aria-label="Panel" className="flex shrink-0 flex-col bg-surface" style={{ height: `min(${panelHeight}px, 70vh)` }}>
        <header className="flex h-[34px] shrink-0 items-center border-b border-line bg-bg pr-1.5">
          <div ref={row} role="tablist" aria-label="Panel" className="flex h-full min-w-0 flex-1 overflow-x-auto [scrollbar-width:none]" onKeyDown={onKeyDown}>
            {all.map((view) => (
              <PanelTab key={view.id} view={view} isShown={view === shown} onClick={() => layout.showPanel(view.id)} />
            ))}
          </div>
          <IconButton small label="Hide panel" onClick={() => layout.togglePanel()}><X size={14} /></IconButton>
        </header>
        <div role="tabpanel" aria-labelledby={`panel-tab-${shown.id}`} className="min-h-0 flex-1">
          <Content />
        </div>
      </section>
    </>
  );
}

function PanelTab({ view, isShown, onClick }: { readonly view: View; readonly isShown: boolean; readonly onClick: () => void }) {
  const count = useValue(view.badge ?? none);
  return (
    <button
      type="button"
      role="tab"
      id={`panel-tab-${view.id}`}
      aria-selected={isShown}
      tabIndex={isShown ? 0 : -1}
      onClick={onClick}
      className={clsx('relative flex shrink-0 items-center gap-1.5 px-3 text-small focus-visible:-outline-offset-2', isShown ? 'text-fg' : 'text-muted hover:text-fg')}
    >
      {isShown && <span aria-hidden className="absolute inset-x-2 top-0 h-0.5 bg-accent" />}
      {view.title}
      {count > 0 && <span className="rounded-full bg-hover px-1.5 text-meta text-muted">{count}</span>}
    </button>
  );
}
