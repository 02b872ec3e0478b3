import { HandHelping } from 'lucide-react';
import { useState } from 'react';
import { lending, Lending, type LendingState } from '@/platform/workers';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Select } from '@/ui/field';
import { StatusDot } from '@/ui/states';
import { useValue } from '@/ui/use-value';
import { formatMs } from './words';

/** Lends this tab; says on its face whether it is lent. */
export function LendButton() {
  const [isOpen, setOpen] = useState(false);
  const state = useValue(lending().state);
  const { busy, ran } = useValue(lending().figures);
  const isLent = state.state !== 'off' && state.state !== 'failed';
  return (
    <>
      <Button icon={isLent ? <StatusDot tone={toneOf(state)} /> : <HandHelping size={15} />} onClick={() => setOpen(true)}>
        {isLent ? `Lent: ${busy} running, ${ran.toLocaleString()} done` : 'Lend this tab'}
      </Button>
      {isOpen && <LendDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function LendDialog({ onClose }: { readonly onClose: () => void }) {
  const lent = lending();
  const state = useValue(lent.state);
  const choice = useValue(lent.choice);
  const figures = useValue(lent.figures);
  const isLent = state.state !== 'off' && state.state !== 'failed';
  return (
    <Dialog
      title="Lend this tab"
      description="Calls and tasks of your projects run here too, in Web Workers without access to anything of this page. It goes on while you visit other screens, and ends with the tab."
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          {isLent ? <Button look="danger" onClick={() => lent.stop()}>Take it back</Button> : <Button look="primary" onClick={() => void lent.start()}>Lend it</Button>}
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <p role="status" className="flex items-center gap-2"><StatusDot tone={toneOf(state)} /> {wordsOf(state)}</p>
        <Select label="Slots (calls at the same time)" value={String(choice.slots)} onChange={(slots) => lent.choose({ slots: Number(slots) })}
          options={Array.from({ length: Lending.mostSlots }, (_, index) => ({ value: String(index + 1), label: index + 1 === Lending.mostSlots ? `${index + 1} - all processors` : String(index + 1) }))} />
        <p className="text-small text-muted">A tab has no network and no folders: workers that ask hosts, want folders or have secrets are never sent here.</p>
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 text-small font-medium text-muted">Stop for a while</legend>
          <Check label="when this tab is hidden" isOn={choice.pauseWhenHidden} onChange={(pauseWhenHidden) => lent.choose({ pauseWhenHidden })} />
          <Check label={Lending.knowsBattery ? 'when the computer runs on its battery' : 'on battery: this browser does not tell'} isOn={Lending.knowsBattery && choice.pauseOnBattery} isOff={!Lending.knowsBattery} onChange={(pauseOnBattery) => lent.choose({ pauseOnBattery })} />
        </fieldset>
        {(isLent || figures.ran > 0) && (
          <section aria-label="What this tab ran" className="flex flex-col gap-2">
            <p className="text-small text-muted">{figures.busy} running · {figures.ran.toLocaleString()} done{figures.failed > 0 && `, ${figures.failed.toLocaleString()} of them failed`} · {formatMs(figures.ranMs)} of work</p>
            {figures.calls.length > 0 && (
              <ul className="max-h-40 overflow-y-auto rounded-control border border-line font-mono text-meta" aria-label="Last calls">
                {figures.calls.slice(0, 20).map((call) => (
                  <li key={`${call.at} ${call.ranMs}`} className="flex gap-3 border-b border-line px-2.5 py-1 last:border-b-0">
                    <span className="min-w-0 flex-1 truncate">{call.worker} · {call.function}</span>
                    <span className={call.failure === null ? 'text-muted' : 'text-err'}>{call.failure === null ? formatMs(call.ranMs) : 'failed'}</span>
                  </li>
                ))}
              </ul>
            )}
          </section>
        )}
      </div>
    </Dialog>
  );
}

interface CheckProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly isOff?: boolean;
  readonly onChange: (isOn: boolean) => void;
}

function Check({ label, isOn, isOff = false, onChange }: CheckProps) {
  return (
    <label className={isOff ? 'flex items-center gap-2 text-faint' : 'flex items-center gap-2'}>
      <input type="checkbox" checked={isOn} disabled={isOff} onChange={(event) => onChange(event.target.checked)} className="size-4 accent-accent-strong" /> {label}
    </label>
  );
}

function toneOf(state: LendingState): 'ok' | 'warn' | 'err' | 'faint' {
  if (state.state === 'linked') return 'ok';
  if (state.state === 'failed') return 'err';
  return state.state === 'off' ? 'faint' : 'warn';
}

function wordsOf(state: LendingState): string {
  switch (state.state) {
    case 'off': return 'This tab is not lent.';
    case 'starting': return 'Connecting…';
    case 'linked': return `Lent, as place ${state.node}.`;
    case 'waiting': return `Not connected, trying again: ${state.cause}`;
    case 'paused': return state.because === 'hidden' ? 'Stopped while the tab is hidden.' : 'Stopped while the computer runs on its battery.';
    case 'failed': return `It cannot be lent: ${state.cause}`;
  }
}
