import { useQuery } from '@tanstack/react-query';
import { Play, Rows3, Square } from 'lucide-react';
import { useRef, useState } from 'react';
import { encodeText } from '@/base/bytes';
import { Button } from '@/ui/button';
import { Select } from '@/ui/field';
import { CallOutcomes } from './call-outcomes';
import { type Outcome, runCall } from './call-runs';
import { nodesQuery, type Worker, type WorkerFunction } from './queries';
import { placeName, whyNotInTabs } from './words';

/** Tries a function: with a text or a file, in a chosen place or in all of them. */
export function CallForm({ worker, called }: { readonly worker: Worker; readonly called: WorkerFunction }) {
  const [text, setText] = useState(called.example ?? (called.input === 'json' ? '{}' : ''));
  const [file, setFile] = useState<File | null>(null);
  const [isFile, setIsFile] = useState(called.input === 'bytes' && called.example === undefined);
  const [where, setWhere] = useState('auto');
  const [divide, setDivide] = useState('');
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([]);
  const [isBusy, setBusy] = useState(false);
  const abort = useRef<AbortController | null>(null);
  const nodes = useQuery(nodesQuery).data?.nodes ?? [];
  const others = nodes.filter(({ kind, draining }) => kind !== 'local' && !draining);
  const jsonProblem = called.input === 'json' && !isFile ? problemOfJson(text) : null;

  const run = async (places: readonly string[]) => {
    abort.current = new AbortController();
    setBusy(true);
    setOutcomes([]);
    try {
      const input = isFile ? new Uint8Array((await file?.arrayBuffer()) ?? new ArrayBuffer()) : encodeText(text);
      for (const place of places) {
        if (abort.current.signal.aborted) break;
        const outcome = await runCall({ worker, called, input, place, divide, signal: abort.current.signal });
        setOutcomes((before) => [...before, outcome]);
      }
    } finally {
      setBusy(false);
    }
  };
  const notInTabs = whyNotInTabs(worker);
  const everywhere = ['local', ...(worker.tabs ? ['here'] : []), ...others.map(({ id }) => id)];

  return (
    <form aria-label={`Call ${called.name}`} noValidate className="flex min-w-0 flex-col gap-4 rounded-card border border-line bg-surface p-4"
      onSubmit={(event) => {
        event.preventDefault();
        void run([where]);
      }}>
      <div>
        <h2 className="text-section font-semibold">{called.name}</h2>
        {called.description !== '' && <p>{called.description}</p>}
        <p className="font-mono text-meta text-muted">({called.input}) → {called.output}{called.divisible && ' · divisible'}</p>
      </div>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 text-small font-medium text-muted">Input</legend>
        <div className="flex gap-4">
          <label className="flex items-center gap-1.5"><input type="radio" name="input" checked={!isFile} onChange={() => setIsFile(false)} className="accent-accent-strong" /> {called.input === 'json' ? 'JSON' : 'Text'}</label>
          <label className="flex items-center gap-1.5"><input type="radio" name="input" checked={isFile} onChange={() => setIsFile(true)} className="accent-accent-strong" /> File</label>
        </div>
        {isFile
          ? <input type="file" aria-label="File with the input" onChange={(event) => setFile(event.target.files?.[0] ?? null)}
              className="rounded-control border border-line-strong bg-surface p-1.5 text-small file:mr-3 file:rounded-row file:border-0 file:bg-hover file:px-2.5 file:py-1 file:text-fg" />
          : <textarea aria-label="Input" value={text} onChange={(event) => setText(event.target.value)} rows={5} spellCheck={false} aria-describedby={jsonProblem === null ? undefined : 'json-problem'}
              className="w-full rounded-control border border-line-strong bg-surface p-2.5 font-mono text-small focus-visible:outline-offset-0" />}
        {jsonProblem !== null && <p id="json-problem" className="text-small text-warn">This is no JSON, which the function takes: {jsonProblem}</p>}
      </fieldset>
      <div className="flex flex-wrap items-end gap-3">
        <Select label="Where" value={where} onChange={setWhere} options={[
          { value: 'auto', label: 'Where it is soonest done' },
          { value: 'local', label: 'On the server' },
          ...(worker.tabs ? [{ value: 'here', label: 'Here, in this tab' }] : []),
          { value: 'node', label: 'On a node' },
          ...(worker.tabs ? [{ value: 'tab', label: 'In a lent tab' }] : []),
          ...others.map(({ id, kind }) => ({ value: id, label: `${kind === 'tab' ? 'Tab' : 'Node'} ${placeName(id, nodes)} (${id.slice(0, 4)})` })),
        ]} />
        {called.divisible && <Select label="Parts" value={divide} onChange={setDivide} disabled={where === 'here'} options={[{ value: '', label: 'in one' }, { value: 'auto', label: 'divided where that gains' }, ...['2', '4', '8'].map((value) => ({ value, label: `${value} parts` }))]} />}
        {isBusy
          ? <Button icon={<Square size={12} aria-hidden />} onClick={() => abort.current?.abort()}>Stop</Button>
          : (
            <>
              <Button look="primary" type="submit" disabled={isFile && file === null} icon={<Play size={13} aria-hidden />}>Call {called.name}</Button>
              {everywhere.length > 1 && <Button disabled={isFile && file === null} icon={<Rows3 size={14} aria-hidden />} onClick={() => void run(everywhere)}>Call everywhere</Button>}
            </>
          )}
      </div>
      {notInTabs !== null && <p className="text-small text-muted">{notInTabs}</p>}
      <CallOutcomes outcomes={outcomes} worker={worker} called={called} nodes={nodes} />
    </form>
  );
}

function problemOfJson(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
