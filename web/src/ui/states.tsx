import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import { Button, Spinner } from './button';

interface EmptyStateProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

/** What a list shows when there is nothing in it: why, and what to do next. */
export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center rounded-card border border-dashed border-line-strong px-6 py-12 text-center">
      <div className="mb-3 flex size-10 items-center justify-center rounded-card bg-accent-soft text-accent">{icon}</div>
      <p className="text-card font-semibold">{title}</p>
      <p className="mt-1 max-w-md text-muted">{children}</p>
      {action !== undefined && <div className="mt-4">{action}</div>}
    </div>
  );
}

interface FailureProps {
  readonly title: string;
  readonly detail: string;
  readonly onRetry?: () => void;
}

/** Something failed: the cause, and the next step. */
export function Failure({ title, detail, onRetry }: FailureProps) {
  return (
    <div role="alert" className="flex items-start gap-3 rounded-card border border-line-strong bg-err-soft px-4 py-3">
      <StatusDot tone="err" className="mt-1.5" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        <p className="text-muted">{detail}</p>
      </div>
      {onRetry && <Button small onClick={onRetry}>Try again</Button>}
    </div>
  );
}

/** A page or panel that waits for its data. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <div role="status" className="flex items-center justify-center gap-2 py-16 text-muted">
      <Spinner /> Loading {what}…
    </div>
  );
}

const tones = { ok: 'bg-ok', warn: 'bg-warn', err: 'bg-err', accent: 'bg-accent', faint: 'bg-faint' } as const;

/** The dot before a status word; the word itself always stands beside it. */
export function StatusDot({ tone, className }: { readonly tone: keyof typeof tones; readonly className?: string }) {
  return <span aria-hidden className={clsx('inline-block size-1.5 shrink-0 rounded-full', tones[tone], className)} />;
}
