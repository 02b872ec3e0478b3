import { Command } from 'cmdk';
import { useEffect, useRef, type ReactNode } from 'react';

interface PaletteProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A text field with a list below it, over everything else. The list is filtered by who fills it. */
export function Palette({ label, placeholder, value, onValue, onClose, children }: PaletteProps) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    if (dialog?.open === false) dialog.showModal();
    dialog?.querySelector('input')?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      aria-label={label}
      className="mx-auto mt-[10vh] mb-auto w-[min(620px,calc(100vw-2rem))] overflow-hidden rounded-dialog border border-line-strong bg-raised p-0 text-fg shadow-floating backdrop:bg-transparent"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === ref.current) onClose();
      }}
    >
      <Command shouldFilter={false} loop label={label}>
        <Command.Input
          value={value}
          onValueChange={onValue}
          placeholder={placeholder}
          className="h-11 w-full border-b border-line bg-transparent px-4 text-card outline-none placeholder:text-faint focus-visible:outline-0"
        />
        <Command.List className="max-h-[min(420px,60vh)] overflow-y-auto p-1.5">
          <Command.Empty className="px-3 py-6 text-center text-muted">Nothing fits.</Command.Empty>
          {children}
        </Command.List>
      </Command>
    </dialog>
  );
}

interface PaletteItemProps {
  readonly value: string;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

export function PaletteItem({ value, onSelect, children }: PaletteItemProps) {
  return (
    <Command.Item value={value} onSelect={onSelect} className="flex h-8 cursor-pointer items-center gap-2 rounded-row px-2.5 data-[selected=true]:bg-hover">
      {children}
    </Command.Item>
  );
}

/** A text with the matched characters set off. */
export function Matched({ text, positions, offset = 0 }: { readonly text: string; readonly positions: readonly number[]; readonly offset?: number }) {
  const marked = new Set(positions.map((position) => position - offset));
  const parts: ReactNode[] = [];
  for (let at = 0; at < text.length; ) {
    let end = at;
    while (end < text.length && marked.has(end) === marked.has(at)) end++;
    const piece = text.slice(at, end);
    parts.push(marked.has(at) ? <b key={at} className="font-semibold text-accent">{piece}</b> : piece);
    at = end;
  }
  return <span className="truncate">{parts}</span>;
}
