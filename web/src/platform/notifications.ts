import { toast } from 'sonner';
import { explain } from './api';

/** Tells a person that something went well. With an undo it stays for 10 seconds. */
export function tell(text: string, undo?: { readonly label: string; readonly run: () => void }): void {
  toast(text, undo ? { duration: 10_000, action: { label: undo.label, onClick: undo.run } } : {});
}

/** Tells a person what failed and why. */
export function tellFailure(what: string, error: unknown): void {
  toast.error(what, { description: explain(error), duration: 12_000 });
}

/** What a long piece of work shows of itself; a person can end it. */
export interface ShownWork {
  readonly signal: AbortSignal;
  say(text: string): void;
  /** Takes it off the screen. */
  end(): void;
}

/** Shows work that takes longer than a moment, with a button to cancel it. */
export function showWork(text: string): ShownWork {
  const abort = new AbortController();
  const action = { label: 'Cancel', onClick: () => abort.abort() };
  const id = toast.loading(text, { action });
  return {
    signal: abort.signal,
    say: (next) => void (abort.signal.aborted || toast.loading(next, { id, action })),
    end: () => void toast.dismiss(id),
  };
}

/** Tells something that a person can act on; it stays for 20 seconds. */
export function offer(text: string, label: string, run: () => void, description?: string): void {
  toast(text, { duration: 20_000, action: { label, onClick: run }, ...(description === undefined ? {} : { description }) });
}
