import { clsx } from 'clsx';
import { useSession } from './workbench-context';

/** Facts about the workspace at the lower edge. */
export function StatusBar() {
  const { status } = useSession();
  return (
    <footer aria-label="Status" className="flex h-6 shrink-0 items-center justify-between gap-4 overflow-hidden border-t border-line bg-bg px-2 text-meta whitespace-nowrap text-muted">
      {(['left', 'right'] as const).map((side) => (
        <div key={side} className={clsx('flex items-center gap-1', side === 'left' ? 'min-w-0 overflow-hidden' : 'shrink-0')}>
          {status.filter((item) => item.side === side).map(({ id, component: Item }) => <Item key={id} />)}
        </div>
      ))}
    </footer>
  );
}

interface StatusButtonProps {
  readonly children: React.ReactNode;
  /** Left out of narrow windows. */
  readonly wideOnly?: boolean;
  readonly title?: string;
  readonly onClick?: () => void;
}

/** An entry of the status bar; a button if it does something. */
export function StatusEntry({ children, wideOnly = false, title, onClick }: StatusButtonProps) {
  const look = clsx('shrink-0 items-center gap-1.5 rounded-row px-1.5 leading-5', wideOnly ? 'hidden sm:flex' : 'flex');
  if (onClick === undefined) return <span title={title} className={look}>{children}</span>;
  return <button type="button" title={title} onClick={onClick} className={clsx(look, 'hover:bg-hover hover:text-fg focus-visible:-outline-offset-2')}>{children}</button>;
}
