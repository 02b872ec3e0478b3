import { useSession } from './workbench-context';

/** Facts about the workspace at the lower edge. */
export function StatusBar() {
  const { status } = useSession();
  return (
    <footer aria-label="Status" className="flex h-6 shrink-0 items-center justify-between gap-4 overflow-hidden border-t border-line bg-bg px-2 text-meta whitespace-nowrap text-muted">
      {(['left', 'right'] as const).map((side) => (
        <div key={side} className="flex min-w-0 items-center gap-1">
          {status.filter((item) => item.side === side).map(({ id, component: Item }) => <Item key={id} />)}
        </div>
      ))}
    </footer>
  );
}

interface StatusButtonProps {
  readonly children: React.ReactNode;
  readonly title?: string;
  readonly onClick?: () => void;
}

/** An entry of the status bar; a button if it does something. */
export function StatusEntry({ children, title, onClick }: StatusButtonProps) {
  const look = 'flex items-center gap-1.5 rounded-row px-1.5 leading-5';
  if (onClick === undefined) return <span title={title} className={look}>{children}</span>;
  return <button type="button" title={title} onClick={onClick} className={`${look} hover:bg-hover hover:text-fg focus-visible:-outline-offset-2`}>{children}</button>;
}
