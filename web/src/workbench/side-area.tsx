import { useEffect } from 'react';
import { EditorTabs } from '@/platform/editors';
import { useValue } from '@/ui/use-value';
import { defaultLayout } from './layout-store';
import { SplitHandle } from './split-handle';
import { useService, useSession } from './workbench-context';

/** As `sm` of the style sheets. */
const narrow = '(max-width: 639.98px)';

/** The view that was chosen in the rail. In narrow windows it lies over the editors and gives way to the file that is opened. */
export function SideArea() {
  const { views, layout } = useSession();
  const { side, sideWidth } = useValue(layout);
  const view = useValue(views).find((candidate) => candidate.id === side && candidate.place === 'side');
  const tabs = useService(EditorTabs);
  useEffect(() => tabs.active.subscribe(() => {
    if (tabs.active.getState() !== null && matchMedia(narrow).matches) layout.hideSide();
  }), [tabs, layout]);
  if (view === undefined) return null;
  const Content = view.component;
  return (
    <section aria-label={view.title} className="flex min-w-0 shrink-0 max-sm:absolute max-sm:inset-y-0 max-sm:left-11 max-sm:z-20 max-sm:shadow-floating" style={{ width: `min(${sideWidth}px, 60vw)` }}>
      <div className="flex min-w-0 flex-1 flex-col bg-bg">
        <Content />
      </div>
      <SplitHandle
        label="Width of the side bar"
        orientation="vertical"
        size={sideWidth}
        least={170}
        most={() => Math.max(200, Math.round(window.innerWidth * 0.6))}
        sign={1}
        onResize={(width) => layout.setSideWidth(width)}
        onReset={() => layout.setSideWidth(defaultLayout.sideWidth)}
      />
    </section>
  );
}

/** The head of a side view: its name and its buttons. */
export function SideHeader({ title, children }: { readonly title: string; readonly children?: React.ReactNode }) {
  return (
    <header className="flex h-[34px] shrink-0 items-center gap-0.5 pr-1.5 pl-3">
      <h2 className="flex-1 truncate text-small font-semibold text-muted">{title}</h2>
      {children}
    </header>
  );
}
