import { ExternalLink, Globe, Play, RotateCw, Square } from 'lucide-react';
import { Button, IconButton, Spinner } from '@/ui/button';
import { Failure } from '@/ui/states';
import { useValue } from '@/ui/use-value';
import type { PreviewService } from './preview-service';

/** The web app of the workspace, as its visitors will see it. */
export function createPreviewView(preview: PreviewService) {
  return function PreviewView() {
    const state = useValue(preview.state);
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
      </div>
    );
  };
}
