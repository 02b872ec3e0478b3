import { clsx } from 'clsx';
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useId, useRef, useState } from 'react';

/** One choice of a menu; `null` in a list of items draws a line. */
export interface MenuItem {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly shortcut?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
}

interface MenuListProps {
  readonly items: readonly (MenuItem | null)[];
  readonly at: { readonly x: number; readonly y: number };
  readonly label: string;
  readonly onClose: () => void;
}

/** A menu at a point of the window: arrow keys move, Enter chooses, Escape and a click elsewhere close. */
export function MenuList({ items, at, label, onClose }: MenuListProps) {
  const ref = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const menu = ref.current;
    if (!menu) return;
    menu.showPopover();
    const box = menu.getBoundingClientRect();
    menu.style.left = `${Math.max(8, Math.min(at.x, window.innerWidth - box.width - 8))}px`;
    menu.style.top = `${Math.max(8, Math.min(at.y, window.innerHeight - box.height - 8))}px`;
    menu.querySelector<HTMLElement>('[role=menuitem]:not(:disabled)')?.focus();
  }, [at.x, at.y]);

  const onKeyDown = (event: KeyboardEvent) => {
    const choices = [...(ref.current?.querySelectorAll<HTMLElement>('[role=menuitem]:not(:disabled)') ?? [])];
    const here = choices.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: choices.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      choices[(to + choices.length) % choices.length]?.focus();
    } else if (event.key === 'Tab') {
      event.preventDefault();
      onClose();
    }
  };

  return (
    <div
      ref={ref}
      popover="auto"
      role="menu"
      aria-label={label}
      onKeyDown={onKeyDown}
      onToggle={(event) => {
        if (event.newState === 'closed') onClose();
      }}
      className="fixed m-0 min-w-44 rounded-card border border-line-strong bg-raised p-1 text-body text-fg shadow-floating"
    >
      {items.map((item, index) =>
        item === null ? (
          // eslint-disable-next-line react/no-array-index-key -- lines have no identity
          <div key={`line-${index}`} role="separator" className="my-1 h-px bg-line" />
        ) : (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            disabled={item.disabled}
            onClick={() => {
              onClose();
              item.onSelect();
            }}
            className={clsx(
              'flex h-7 w-full items-center gap-2 rounded-row px-2 text-left hover:bg-hover focus-visible:bg-hover focus-visible:outline-0 disabled:opacity-40',
              item.danger === true && 'text-err',
            )}
          >
            <span className="flex w-4 justify-center text-muted">{item.icon}</span>
            <span className="flex-1">{item.label}</span>
            {item.shortcut !== undefined && <kbd className="pl-6 font-sans text-meta text-faint">{item.shortcut}</kbd>}
          </button>
        ),
      )}
    </div>
  );
}

interface MenuProps {
  readonly label: string;
  readonly items: readonly (MenuItem | null)[];
  /** Draws the button; spread the properties onto it. */
  readonly button: (properties: { onClick: () => void; 'aria-haspopup': 'menu'; 'aria-expanded': boolean; id: string }) => ReactNode;
}

/** A button that opens a menu below itself. */
export function Menu({ label, items, button }: MenuProps) {
  const [at, setAt] = useState<{ x: number; y: number } | null>(null);
  const id = useId();
  const close = useCallback(() => {
    setAt(null);
    document.getElementById(id)?.focus();
  }, [id]);
  const open = () => {
    const box = document.getElementById(id)?.getBoundingClientRect();
    setAt(box ? { x: box.right - 176, y: box.bottom + 4 } : { x: 0, y: 0 });
  };
  return (
    <>
      {button({ onClick: open, 'aria-haspopup': 'menu', 'aria-expanded': at !== null, id })}
      {at && <MenuList items={items} at={at} label={label} onClose={close} />}
    </>
  );
}
