import { clsx } from 'clsx';
import { ChartLine, Copy, Download, Maximize2, Minimize2, Table2, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import type { Shown } from '@/platform/run-status';
import { tell, tellFailure } from '@/platform/notifications';
import { Button, IconButton } from '@/ui/button';
import { HtmlFrame } from '@/ui/html-frame';
import { useValue } from '@/ui/use-value';
import type { ShownStore } from './shown-store';

/** Pictures and tables that programs showed: a strip of all, the chosen one large. */
export function createOutputView(store: ShownStore) {
  return function OutputView() {
    const all = useValue(store.all);
    const selected = useValue(store.selected);
    const shown = all.find((candidate) => candidate.id === selected) ?? all.at(-1);
    if (shown === undefined) {
      return (
        <div className="flex h-full flex-col items-center justify-center gap-1 px-4 text-center text-muted">
          <ChartLine size={18} aria-hidden className="mb-1 text-faint" />
          <p>Plots and tables appear here when a program shows them.</p>
          <p className="text-small text-faint">In matplotlib: plt.show()</p>
        </div>
      );
    }
    return (
      <div className="flex h-full">
        <ul aria-label="Plots" className="flex w-28 shrink-0 flex-col-reverse justify-end gap-1.5 overflow-y-auto border-r border-line bg-bg p-1.5 max-sm:w-16">
          {all.map((candidate) => (
            <li key={candidate.id}>
              <button
                type="button"
                aria-label={nameOf(candidate)}
                aria-current={candidate === shown}
                onClick={() => store.selected.set(candidate.id)}
                className={clsx('flex h-16 w-full items-center justify-center overflow-hidden rounded-row border bg-surface p-0.5', candidate === shown ? 'border-accent' : 'border-line hover:border-line-strong')}
              >
                {candidate.kind === 'image' ? <img src={candidate.content} alt="" className="max-h-full max-w-full object-contain" /> : <Table2 size={18} aria-hidden className="text-faint" />}
              </button>
            </li>
          ))}
        </ul>
        <Large key={shown.id} shown={shown} store={store} />
      </div>
    );
  };
}

function Large({ shown, store }: { readonly shown: Shown; readonly store: ShownStore }) {
  const [zoom, setZoom] = useState<number | null>(null);
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <div className="flex h-8 shrink-0 items-center gap-0.5 border-b border-line px-2">
        <p className="min-w-0 flex-1 truncate text-small text-muted">
          {nameOf(shown)} {shown.width !== null && <span className="text-faint">{shown.width} × {shown.height}</span>}
        </p>
        {shown.kind === 'image' && (
          <>
            <IconButton small label="Fit" disabled={zoom === null} onClick={() => setZoom(null)}><Minimize2 size={13} /></IconButton>
            <IconButton small label={zoom === 1 ? 'Twice the size' : 'Full size'} onClick={() => setZoom(zoom === 1 ? 2 : 1)}><Maximize2 size={13} /></IconButton>
            <IconButton small label="Copy picture" onClick={() => void copy(shown)}><Copy size={13} /></IconButton>
            <IconButton small label="Save picture" onClick={() => save(shown)}><Download size={13} /></IconButton>
          </>
        )}
        <IconButton small label="Delete" onClick={() => store.remove(shown.id)}><X size={14} /></IconButton>
        <Button small look="quiet" icon={<Trash2 size={12} aria-hidden />} onClick={() => store.clear()}>Clear all</Button>
      </div>
      <div className="min-h-0 flex-1 overflow-auto bg-surface p-2">
        {shown.kind === 'html' ? (
          <HtmlFrame title={nameOf(shown)} html={framed(shown.content)} className="h-full w-full rounded-row border border-line bg-white" />
        ) : (
          <div className={zoom === null ? 'flex h-full items-center justify-center' : ''}>
            <img
              src={shown.content}
              alt={nameOf(shown)}
              className={clsx('rounded-row', zoom === null ? 'max-h-full max-w-full object-contain' : 'max-w-none')}
              style={zoom === null || shown.width === null ? undefined : { width: shown.width * zoom }}
            />
          </div>
        )}
      </div>
    </div>
  );
}

function nameOf(shown: Shown): string {
  return shown.title || `${shown.kind === 'image' ? 'Plot' : 'Table'} ${shown.id}`;
}

function framed(html: string): string {
  return `<!doctype html><meta charset="utf-8"><style>body{font:13px system-ui,sans-serif;margin:8px}table{border-collapse:collapse}td,th{padding:3px 8px;border-bottom:1px solid #ddd;text-align:right}</style>${html}`;
}

function save(shown: Shown): void {
  const link = document.createElement('a');
  link.href = shown.content;
  link.download = `${nameOf(shown).replace(/[^\w.-]+/g, '-')}.${shown.blob?.type === 'image/svg+xml' ? 'svg' : 'png'}`;
  link.click();
}

async function copy(shown: Shown): Promise<void> {
  if (shown.blob === null) return;
  try {
    await navigator.clipboard.write([new ClipboardItem({ [shown.blob.type]: shown.blob })]);
    tell('Picture copied');
  } catch (error) {
    tellFailure('The picture could not be copied', error);
  }
}
