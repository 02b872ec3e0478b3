import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { components } from '@/protocol';
import { api, ApiProblem, data, explain } from '@/platform/api';
import { tell } from '@/platform/notifications';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { Failure } from '@/ui/states';
import type { Worker } from './queries';

type Settings = components['schemas']['WorkerSettings'];

interface ConfigDraft {
  readonly key: string;
  readonly value: string;
  readonly isSecret: boolean;
  /** A secret that stays as it is until something is typed. */
  readonly isKept: boolean;
}

/** What the worker asks for, and what it is granted. */
export function SettingsTab({ worker, mayChange }: { readonly worker: Worker; readonly mayChange: boolean }) {
  const { wants, settings } = worker;
  const [hosts, setHosts] = useState<ReadonlySet<string>>(new Set(settings.hosts));
  const [config, setConfig] = useState<readonly ConfigDraft[]>(() => draftsOf(worker));
  const [pages, setPages] = useState(settings.memoryPages === undefined ? '' : String(settings.memoryPages));
  const [timeout, setTimeoutText] = useState(settings.timeoutMs === undefined ? '' : String(settings.timeoutMs));
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: () => data(api.PUT('/api/workers/{worker}/settings', { params: { path: { worker: worker.name } }, body: settingsOf(hosts, config, pages, timeout) })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['workers'] });
      tell('Saved.');
    },
  });
  const change = (index: number, part: Partial<ConfigDraft>) => setConfig(config.map((one, at) => (at === index ? { ...one, ...part } : one)));
  const refused = save.error instanceof ApiProblem ? save.error : null;
  return (
    <form className="flex max-w-2xl flex-col gap-5 rounded-card border border-line bg-surface p-4" onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
      {save.error && <Failure title="The settings were not saved" detail={explain(save.error)} />}
      <fieldset disabled={!mayChange} className="flex flex-col gap-2">
        <legend className="mb-1 font-medium">Hosts that it may ask</legend>
        {wants.hosts.length === 0 && <p className="text-small text-muted">It asks for none.</p>}
        {wants.hosts.map((host) => (
          <label key={host} className="flex items-center gap-2 font-mono text-small">
            <input type="checkbox" checked={hosts.has(host)} onChange={() => setHosts(hosts.has(host) ? new Set([...hosts].filter((other) => other !== host)) : new Set([...hosts, host]))} className="size-4 accent-accent-strong" /> {host}
          </label>
        ))}
        {wants.paths.length > 0 && <p className="text-small text-muted">It also wants the folders {wants.paths.join(', ')}, which the administrator names for the server (<code className="font-mono">workers.folders</code>), and you for a node of your own: <code className="font-mono">./cloche worker --allow-path …</code></p>}
      </fieldset>
      <fieldset disabled={!mayChange} className="flex flex-col gap-2">
        <legend className="mb-1 font-medium">Configuration</legend>
        {config.map((one, index) => (
          // eslint-disable-next-line react/no-array-index-key -- keys are being typed
          <div key={index} className="flex flex-wrap items-end gap-2">
            <Field label="Key" mono value={one.key} onChange={(event) => change(index, { key: event.target.value })} className="min-w-28 flex-1" />
            <Field label="Value" mono type={one.isSecret ? 'password' : 'text'} placeholder={one.isKept ? 'kept as it is' : (wants.config[one.key] ?? '')} value={one.value} onChange={(event) => change(index, { value: event.target.value, isKept: false })} className="min-w-28 flex-1" />
            <label className="flex h-8 items-center gap-1.5 text-small"><input type="checkbox" checked={one.isSecret} onChange={() => change(index, { isSecret: !one.isSecret, isKept: false })} className="size-4 accent-accent-strong" /> secret</label>
            <Button look="quiet" className="h-8" onClick={() => setConfig(config.filter((_, at) => at !== index))}>Remove</Button>
          </div>
        ))}
        <div><Button small onClick={() => setConfig([...config, { key: '', value: '', isSecret: false, isKept: false }])}>Add a value</Button></div>
      </fieldset>
      <fieldset disabled={!mayChange} className="grid gap-3 sm:grid-cols-2">
        <legend className="mb-1 font-medium">Limits</legend>
        <Field label="Memory in pages of 64 KiB" type="number" min={1} max={65_536} value={pages} error={refused?.field('memoryPages')} hint={`It wants ${wants.memoryPages.toLocaleString()}.`} onChange={(event) => setPages(event.target.value)} />
        <Field label="Longest call in milliseconds" type="number" min={1} max={600_000} value={timeout} error={refused?.field('timeoutMs')} hint={`It wants ${wants.timeoutMs.toLocaleString()}.`} onChange={(event) => setTimeoutText(event.target.value)} />
      </fieldset>
      <p className="text-small text-muted">What is set here goes with the worker to nodes and, unless it asks hosts, to lent tabs: whoever lent them can read it. A secret goes nowhere; a worker that has one runs only on the server and on nodes that were started with its file.</p>
      {mayChange && <div><Button look="primary" type="submit" busy={save.isPending}>Save</Button></div>}
    </form>
  );
}

function draftsOf({ settings, wants }: Worker): readonly ConfigDraft[] {
  const set = Object.entries(settings.config ?? {}).map(([key, { value, secret }]) => ({ key, value: value ?? '', isSecret: secret === true, isKept: secret === true && value === undefined }));
  const rest = Object.keys(wants.config).filter((key) => !set.some((one) => one.key === key));
  return [...set, ...rest.map((key) => ({ key, value: '', isSecret: false, isKept: false }))];
}

/** What is empty is not set: the worker's own value counts. */
function settingsOf(hosts: ReadonlySet<string>, config: readonly ConfigDraft[], pages: string, timeout: string): Settings {
  const set = config.filter(({ key, value, isKept }) => key !== '' && (isKept || value !== ''));
  return {
    ...(hosts.size > 0 && { hosts: [...hosts] }),
    ...(set.length > 0 && { config: Object.fromEntries(set.map(({ key, value, isSecret, isKept }) => [key, { ...(!isKept && { value }), secret: isSecret }])) }),
    ...(pages !== '' && { memoryPages: Number(pages) }),
    ...(timeout !== '' && { timeoutMs: Number(timeout) }),
  };
}
