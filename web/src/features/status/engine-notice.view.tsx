import { CircleAlert } from 'lucide-react';
import { useState } from 'react';
import { EngineService, type EngineState } from '@/platform/engine';
import { tellFailure } from '@/platform/notifications';
import { Button } from '@/ui/button';
import { useValue } from '@/ui/use-value';
import { useService } from '@/workbench/workbench-context';

/** When Python cannot run: why, and what to do, over the lower edge of the window. */
export function EngineNotice() {
  const engine = useService(EngineService);
  const state = useValue(engine.state);
  const [isBusy, setBusy] = useState(false);
  const [dismissed, setDismissed] = useState<EngineState | null>(null);
  if ((state.state !== 'blocked' && state.state !== 'failed') || dismissed === state) return null;
  const isElsewhere = state.state === 'blocked' && state.reason === 'other-tab';
  const start = async () => {
    setBusy(true);
    await engine.start(isElsewhere).catch((error: unknown) => tellFailure('Python could not start', error));
    setBusy(false);
  };
  return (
    <div role="alert" className="fixed bottom-8 left-1/2 z-30 flex w-[min(640px,calc(100vw-2rem))] -translate-x-1/2 items-start gap-3 rounded-card border border-line-strong bg-raised px-4 py-3 shadow-floating">
      <CircleAlert size={16} aria-hidden className="mt-0.5 shrink-0 text-err" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{state.message}</p>
        <p className="text-muted">{state.help}</p>
      </div>
      <div className="flex gap-2">
        <Button small look="quiet" onClick={() => setDismissed(state)}>Not now</Button>
        <Button small look="primary" busy={isBusy} onClick={() => void start()}>{isElsewhere ? 'Use here' : 'Try again'}</Button>
      </div>
    </div>
  );
}
