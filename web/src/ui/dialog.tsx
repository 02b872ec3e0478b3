import { X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from './button';

interface DialogProps {
  readonly title: string;
  readonly description?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons at the foot, the main one last. */
  readonly actions?: ReactNode;
  readonly width?: 'narrow' | 'wide';
}

/** A modal dialog; it is open as long as it is rendered. Escape and a click outside close it. */
export function Dialog({ title, description, onClose, children, actions, width = 'narrow' }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
  }, []);

  return (
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === ref.current) onClose();
      }}
      className="m-auto max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] overflow-hidden rounded-dialog border border-line-strong bg-raised p-0 text-fg shadow-floating open:flex"
      style={{ maxWidth: width === 'wide' ? 760 : 460 }}
    >
      <div className="flex max-h-[calc(100dvh-2rem)] min-h-0 w-full flex-col">
        <header className="flex items-start gap-4 px-5 pt-4 pb-3">
          <div className="min-w-0 flex-1">
            <h2 id={titleId} className="text-section font-semibold tracking-tight">{title}</h2>
            {description !== undefined && <p className="mt-0.5 text-small text-muted">{description}</p>}
          </div>
          <IconButton label="Close" onClick={onClose} className="-mr-2"><X size={16} /></IconButton>
        </header>
        <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-4">{children}</div>
        {actions !== undefined && <footer className="flex justify-end gap-2 border-t border-line px-5 py-3">{actions}</footer>}
      </div>
    </dialog>
  );
}
