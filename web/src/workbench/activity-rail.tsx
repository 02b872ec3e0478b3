import { clsx } from 'clsx';
import { useValue } from '@/ui/use-value';
import { ValueStore } from '@/base/store';
import type { View } from './contribution';
import { useSession } from './workbench-context';

const none = new ValueStore(0);

/** The views of the side bar as icons at the left edge. */
export function ActivityRail() {
  const { views, layout } = useSession();
  const side = useValue(views).filter((view) => view.place === 'side');
  const { side: shown } = useValue(layout);
  return (
    <nav aria-label="Views" className="flex w-11 shrink-0 flex-col items-center gap-1 border-r border-line bg-bg py-1.5">
      {side.map((view) => (
        <RailButton key={view.id} view={view} isShown={shown === view.id} onClick={() => layout.toggleSide(view.id)} isLast={view.id === 'settings'} />
      ))}
    </nav>
  );
}

function RailButton({ view, isShown, isLast, onClick }: { readonly view: View; readonly isShown: boolean; readonly isLast: boolean; readonly onClick: () => void }) {
  const count = useValue(view.badge ?? none);
  const Icon = view.icon;
  return (
    <button
      type="button"
      aria-label={view.title}
      title={view.title}
      aria-pressed={isShown}
      onClick={onClick}
      className={clsx(
        'relative flex size-8 items-center justify-center rounded-control transition-colors duration-100',
        isShown ? 'bg-accent-soft text-accent' : 'text-muted hover:bg-hover hover:text-fg',
        isLast && 'mt-auto',
      )}
    >
      <Icon size={18} />
      {count > 0 && <span aria-hidden className="absolute -right-0.5 -bottom-0.5 min-w-3.5 rounded-full bg-accent-strong px-1 text-center text-[9px] leading-3.5 text-white">{count}</span>}
    </button>
  );
}
