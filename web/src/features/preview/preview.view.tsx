import { clsx } from 'clsx';
import { Eraser, ExternalLink, Globe, Play, RotateCw, Square, SquareTerminal } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button, IconButton, Spinner } from '@/ui/button';
import { Failure } from '@/ui/states';
import { useValue } from '@/ui/use-value';
import type { ConsoleEntry, PreviewLog } from './preview-console';
import type { PreviewService } from './preview-service';

const tones: Record<ConsoleEntry['level'], string> = { debug: 'text-faint', log: 'text-fg', info: 'text-fg', warn: 'text-warn', error: 'text-err' };

/** The web app of the workspace, as its visitors will see it. */
export function createPreviewView(preview: PreviewService) {
  return function PreviewView() {
    const state = useValue(preview.state);
    const [isConsoleOpen, setConsoleOpen] = useState(false);
    const start = () => void preview.start();
    if (state.state === 'starting') return <p role="status" className="flex h-full items-center justify-center gap-2 text-muted"><Spinner /> Starting the web app…</p>;
    if (state.state === 'failed') return <div className="p-4"><Failure title="The web app could not start" detail={state.message} onRetry={start} /></div>;
    if (state.state === 'off') {
      return (
        <div className="flex h-full flex-col items-center justify-center gap-2 px-4 text-center text-muted">
          <Globe size={18} aria-hidden className="text-faint" />
          <p>Shows the Flask or FastAPI app of this workspace, running in this tab.</p>
          <Button small icon={<Play size={12} aria-hidden />} onClick={start}>Start preview</Button>
        </div>
      );
    }
    return (
      <div className="flex h-full flex-col">
        <div className="flex h-8 shrink-0 items-center gap-1 border-b border-line px-2">
          <IconButton small label="Reload preview" onClick={start}><RotateCw size={13} /></IconButton>
          <p className="min-w-0 flex-1 truncate rounded-row border border-line bg-bg px-2 font-mono text-meta text-muted">{state.url}</p>
          <span className="px-1 text-meta text-faint">{state.target.entry}</span>
          <a href={state.url} target="_blank" rel="noreferrer" aria-label="Open preview in a new tab" title="Open preview in a new tab" className="flex size-6 items-center justify-center rounded-control text-muted hover:bg-hover hover:text-fg"><ExternalLink size={13} /></a>
          <ConsoleButton log={preview.log} isOpen={isConsoleOpen} onToggle={() => setConsoleOpen(!isConsoleOpen)} />
          <IconButton small label="Stop preview" onClick={() => void preview.stop()}><Square size={12} /></IconButton>
        </div>
        <iframe
          key={state.load}
          title="Preview"
          src={state.url}
          allow="cross-origin-isolated"
          sandbox="allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-downloads"
          className="min-h-0 flex-1 bg-white"
        />
        {isConsoleOpen && <Console log={preview.log} />}
      </div>
    );
  };
}

function ConsoleButton({ log, isOpen, onToggle }: { readonly log: PreviewLog; readonly isOpen: boolean; readonly onToggle: () => void }) {
  const entries = useValue(log.entries);
  const errors = entries.filter((entry) => entry.level === 'error').length;
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      onClick={onToggle}
      className="flex h-6 items-center gap-1 rounded-control px-1.5 text-meta text-muted hover:bg-hover hover:text-fg"
    >
      <SquareTerminal size={13} aria-hidden /> Console
      {entries.length > 0 && (
        <span className={clsx('rounded-full px-1.5', errors > 0 ? 'bg-err-soft text-err' : 'bg-hover')}>
          {errors > 0 ? `${errors} ${errors === 1 ? 'error' : 'errors'}` : entries.length}
        </span>
      )}
    </button>
  );
}

function Console({ log }: { readonly log: PreviewLog }) {
  const entries = useValue(log.entries);
  const scroller = useRef<HTMLOListElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    if (isAtEnd.current) scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, [entries]);
  return (
    <section aria-label="Console of the preview" className="flex h-2/5 min-h-16 shrink-0 border-t border-line">
      <ol
        ref={scroller}
        role="log"
        aria-label="Messages"
        onScroll={({ currentTarget: at }) => { isAtEnd.current = at.scrollHeight - at.scrollTop - at.clientHeight < 24; }}
        className="min-w-0 flex-1 overflow-auto py-1 font-mono text-meta"
      >
        {entries.length === 0 && <li className="px-3 text-faint">Nothing yet: what the app prints, what its pages log, and errors of both.</li>}
        {entries.map((entry) => (
          <li key={entry.id} data-level={entry.level} className="flex gap-2 border-b border-line px-3 py-0.5 last:border-b-0">
            <span className="w-12 shrink-0 text-faint">{entry.from === 'page' ? 'page' : 'Python'}</span>
            <span className={clsx('min-w-0 break-words whitespace-pre-wrap', tones[entry.level])}>{entry.text}</span>
          </li>
        ))}
      </ol>
      <IconButton small label="Clear console" onClick={() => log.clear()}><Eraser size={13} /></IconButton>
    </section>
  );
}
