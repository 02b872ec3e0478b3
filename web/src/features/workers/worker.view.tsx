import { Check, CircleAlert } from 'lucide-react';
import { formatDuration, formatSize } from '@/base/bytes';
import { workerNameProblem } from '@/platform/workers';
import type { SourceProblem } from '@/protocol';
import { Button, Spinner } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { Failure } from '@/ui/states';
import { useValue } from '@/ui/use-value';
import type { WorkerFailure, WorkerFile, WorkerModel, WorkerPhase } from './worker-model';

const SHOWN_PROBLEMS = 6;

interface WorkerDialogProps {
  readonly model: WorkerModel;
  readonly onPlace: (problem: SourceProblem) => void;
  readonly onProblems: () => void;
}

/** The dialog in which a worker is built and published. */
export function WorkerDialog({ model, onPlace, onProblems }: WorkerDialogProps) {
  const state = useValue(model.state);
  if (state === null) return null;
  const { what, name, now } = state;
  const problem = workerNameProblem(name);
  const leave = (act: () => void) => {
    model.close();
    act();
  };
  return (
    <Dialog title={now.phase === 'building' || now.phase === 'failed' ? 'Build worker' : 'Publish worker'} description={what} onClose={() => model.close()} actions={<Actions now={now} canPublish={problem === null} model={model} onProblems={() => leave(onProblems)} />}>
      <form
        id="publish-worker"
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void model.publish();
        }}
      >
        {now.phase === 'building' && (
          <p role="status" className="flex items-center gap-2 py-2 text-muted"><Spinner /> {now.step}…</p>
        )}
        {now.phase === 'failed' && <NotBuilt failure={now.failure} onPlace={(place) => leave(() => onPlace(place))} />}
        {now.phase === 'ready' && now.failure !== null && <Failure title="The worker was not published" detail={now.failure} />}
        {now.phase === 'published' && (
          <div role="status" className="flex items-center gap-3 rounded-card border border-line-strong bg-ok-soft px-4 py-3">
            <Check size={16} aria-hidden className="text-ok" />
            <p className="min-w-0 flex-1">{now.isNew ? `“${name}” is published.` : `“${name}” has a new version.`} <span className="block font-mono text-small break-all text-muted">{now.digest.slice(0, 12)}</span></p>
            <a href={`/workers/${encodeURIComponent(name)}`} target="_blank" rel="noreferrer" className="shrink-0 font-medium text-accent hover:underline">Open worker</a>
          </div>
        )}
        {now.phase === 'ready' && (
          <>
            <BuiltFile file={now.file} onWarnings={() => leave(onProblems)} />
            <Field label="Name of the worker" value={name} mono autoFocus error={problem ?? undefined} hint="It is called by this name. A worker that has it already gets a new version." onChange={(event) => model.setName(event.target.value)} />
          </>
        )}
      </form>
    </Dialog>
  );
}

function Actions({ now, canPublish, model, onProblems }: { readonly now: WorkerPhase; readonly canPublish: boolean; readonly model: WorkerModel; readonly onProblems: () => void }) {
  switch (now.phase) {
    case 'building':
      return <Button onClick={() => model.close()}>Cancel</Button>;
    case 'failed':
      return (
        <>
          <Button onClick={() => model.close()}>Close</Button>
          {now.failure.problems.length > 0 && <Button look="primary" onClick={onProblems}>Show problems</Button>}
        </>
      );
    case 'ready':
      return (
        <>
          <Button onClick={() => model.close()}>Not now</Button>
          <Button look="primary" type="submit" form="publish-worker" busy={now.isBusy} disabled={!canPublish}>Publish</Button>
        </>
      );
    case 'published':
      return <Button onClick={() => model.close()}>Done</Button>;
  }
}

function BuiltFile({ file, onWarnings }: { readonly file: WorkerFile; readonly onWarnings: () => void }) {
  const { path, size, tookMs, warnings, digest, lock, said } = file;
  return (
    <div className="flex flex-col gap-0.5">
      <p role="status">
        {tookMs === null ? '' : 'Built: '}
        <span className="font-mono break-all">{path}</span>, {formatSize(size)}
        {tookMs !== null && `, in ${formatDuration(tookMs)}`}
        {warnings > 0 && ', with '}
        {warnings > 0 && <button type="button" className="font-medium text-accent hover:underline" onClick={onWarnings}>{`${warnings} warning${warnings === 1 ? '' : 's'}`}</button>}
      </p>
      {digest !== '' && <p className="text-small text-muted">Digest <span className="font-mono">{digest.slice(0, 12)}</span></p>}
      {lock !== null && <p className="text-small text-muted">There was no <span className="font-mono">{lock}</span>, so it was made: the next build takes the same crates.</p>}
      <Said text={said} />
    </div>
  );
}

function Said({ text }: { readonly text: string }) {
  if (text === '') return null;
  return (
    <details>
      <summary className="cursor-default text-small text-muted hover:text-fg">What the compiler said</summary>
      <pre className="mt-1 max-h-60 overflow-auto rounded-control border border-line bg-surface p-2 text-small">{text}</pre>
    </details>
  );
}

function NotBuilt({ failure, onPlace }: { readonly failure: WorkerFailure; readonly onPlace: (problem: SourceProblem) => void }) {
  const { title, detail, problems, said } = failure;
  const errors = problems.filter(({ severity }) => severity === 'error');
  return (
    <div className="flex flex-col gap-3">
      <Failure title={title} detail={errors.length > 0 ? `${errors.length} mistake${errors.length === 1 ? '' : 's'}; a click leads to the place.` : detail} />
      {errors.length > 0 && (
        <ul aria-label="Mistakes" className="flex flex-col">
          {errors.slice(0, SHOWN_PROBLEMS).map((problem) => (
            <li key={`${problem.path}:${problem.line}:${problem.column}:${problem.message}`}>
              <button type="button" disabled={problem.path === null} onClick={() => onPlace(problem)} className="flex w-full items-start gap-2 rounded-row px-1.5 py-1 text-left enabled:hover:bg-hover">
                <CircleAlert size={14} aria-label="error" className="mt-0.5 shrink-0 text-err" />
                <span className="min-w-0">
                  <span className="break-words">{problem.message}</span>
                  {problem.path !== null && <span className="block text-small break-all text-muted">{problem.path}, line {problem.line}, column {problem.column}</span>}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {errors.length > SHOWN_PROBLEMS && <p className="text-small text-muted">And {errors.length - SHOWN_PROBLEMS} more below “Problems”.</p>}
      <Said text={said} />
    </div>
  );
}
