import { useValue } from '@/ui/use-value';
import { defaultLayout } from './layout-store';
import { SplitHandle } from './split-handle';
import { useSession } from './workbench-context';

/** The view that was chosen in the rail. */
export function SideArea() {
  const { views, layout } = useSession();
  const { side, sideWidth } = useValue(layout);
  const view = useValue(views).find((candidate) => candidate.id === side && candidate.place === 'side');
  if (view === undefined) return null;
  const Content = view.component;
  return (
    <section aria-label={view.title} className="flex min-w-0 shrink-0" style={{ width: `min(${sideWidth}px, 60vw)` }}>
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
