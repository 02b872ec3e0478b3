import { Check, ExternalLink, History } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, Select } from '@/ui/field';
import { Failure } from '@/ui/states';
import { Ago } from '@/ui/time';
import { useValue } from '@/ui/use-value';
import type { ValueStore } from '@/base/store';
import { appNameProblem, entryProblem, type Kind, type PublishModel } from './publish-model';

const kinds: { readonly value: Kind; readonly label: string }[] = [
  { value: 'static', label: 'Static files' },
  { value: 'wsgi', label: 'Python web app (WSGI: Flask, Django)' },
  { value: 'asgi', label: 'Python web app (ASGI: FastAPI, Starlette)' },
];

/** The dialog that makes an app of the workspace. */
export function createPublishDialog(model: PublishModel, isOpen: ValueStore<boolean>) {
  return function PublishDialog() {
    const shown = useValue(isOpen);
    return shown ? <OpenDialog model={model} onClose={() => isOpen.set(false)} /> : null;
  };
}

function OpenDialog({ model, onClose }: { readonly model: PublishModel; readonly onClose: () => void }) {
  const state = useValue(model.state);
  const entryError = entryProblem(state.kind, state.entry);
  const canPublish = appNameProblem(state.name) === null && entryError === null && state.detected !== null;
  return (
    <Dialog
      title="Publish"
      description="Makes an app of the files as they are now, at an address of its own."
      width="wide"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{state.isPublished || state.rolledBackTo !== null ? 'Done' : 'Cancel'}</Button>
          <Button look="primary" busy={state.isBusy} disabled={!canPublish} onClick={() => void model.publish()}>{state.app === null ? 'Publish now' : 'Publish new version'}</Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {state.failure !== null && <Failure title="That did not work" detail={state.failure} />}
        {state.isPublished && state.app !== null && <Done url={state.app.app.url}>Published at</Done>}
        {state.rolledBackTo !== null && state.app !== null && <Done url={state.app.app.url}>Revision {state.rolledBackTo} is live again at</Done>}
        <Field label="Name of the app" value={state.name} mono error={state.nameError ?? undefined} hint={state.app === null ? 'It becomes a part of the address.' : `${state.app.app.name} gets a new version; the older ones stay.`} onChange={(event) => model.setName(event.target.value)} />
        <div className="grid gap-4 sm:grid-cols-2">
          <Select label="Kind" value={state.kind} onChange={(kind) => model.setKind(kind as Kind)} options={kinds} />
          <Field label={state.kind === 'static' ? 'Folder (empty: the whole workspace)' : 'Entry'} value={state.entry} mono placeholder={state.kind === 'static' ? '' : 'app:app'} error={entryError ?? undefined} onChange={(event) => model.setEntry(event.target.value)} />
        </div>
        {state.detected !== null && state.detected.reasons.length > 0 && (
          <div className="text-small text-muted">
            <p className="font-medium">Why this kind</p>
            <ul className="list-disc pl-5">{state.detected.reasons.map((reason) => <li key={reason}>{reason}</li>)}</ul>
          </div>
        )}
        <Placement />
        <Deployments model={model} />
      </div>
    </Dialog>
  );
}

function Done({ url, children }: { readonly url: string; readonly children: ReactNode }) {
  return (
    <div role="status" className="flex items-center gap-3 rounded-card border border-line-strong bg-ok-soft px-4 py-3">
      <Check size={16} aria-hidden className="text-ok" />
      <p className="min-w-0 flex-1">{children} <a href={url} target="_blank" rel="noreferrer" className="font-mono break-all text-accent hover:underline">{url}</a></p>
      <a href={url} target="_blank" rel="noreferrer" className="inline-flex h-7 items-center gap-1.5 rounded-control bg-accent-strong px-2.5 text-small font-medium text-white"><ExternalLink size={13} aria-hidden /> Open app</a>
    </div>
  );
}

function Placement() {
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-small font-medium text-muted">Where it runs</legend>
      <label className="flex items-start gap-2">
        <input type="radio" name="placement" defaultChecked className="mt-1 accent-accent-strong" />
        <span>In each visitor's tab <span className="block text-small text-muted">Nothing to start on the server. Each visitor has data of his own.</span></span>
      </label>
      <label className="flex items-start gap-2 text-faint">
        <input type="radio" name="placement" disabled className="mt-1" />
        <span>On the server <span className="block text-small">Not available yet: this version has no sandboxes on the server.</span></span>
      </label>
    </fieldset>
  );
}

function Deployments({ model }: { readonly model: PublishModel }) {
  const { app, isBusy } = useValue(model.state);
  if (app === null) return null;
  return (
    <section aria-label="Versions">
      <h3 className="mb-1 flex items-center gap-1.5 text-small font-medium text-muted">
        <History size={13} aria-hidden /> Versions of {app.app.name}
        <a href={app.app.url} target="_blank" rel="noreferrer" className="ml-auto text-accent hover:underline">Open app</a>
      </h3>
      <ul className="divide-y divide-line rounded-card border border-line">
        {app.deployments.slice(0, 8).map((deployment) => {
          const isCurrent = deployment.id === app.app.deployment.id;
          return (
            <li key={deployment.id} className="flex h-9 items-center gap-3 px-3">
              <span className="text-muted">Revision {deployment.revision}</span>
              <span className="text-small text-faint"><Ago time={deployment.createdAt} /></span>
              <span className="ml-auto">
                {isCurrent ? <span className="text-small text-ok">Live</span> : <Button small disabled={isBusy} onClick={() => void model.rollBack(deployment.id)}>Roll back</Button>}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
