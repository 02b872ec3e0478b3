import { clsx } from 'clsx';
import { Clock, Play, Zap } from 'lucide-react';
import { useState } from 'react';
import { explain } from '@/platform/api';
import { DatabaseRefusal, emptyDraft, encodeDrafts, showValue, type Draft, type DraftErrors, type FunctionDefinition } from '@/platform/databases';
import { Button } from '@/ui/button';
import { EmptyState } from '@/ui/states';
import { DraftField } from './draft-field';
import { useOpenDatabase } from './open-database';

/** The reducers and procedures of the module, each with a form to call it. */
export function ReducersTab() {
  const { definition } = useOpenDatabase();
  const calls = definition.functions.filter(({ lifecycle }) => lifecycle === null);
  const moments = definition.functions.filter(({ lifecycle }) => lifecycle !== null);
  const [chosenName, setChosenName] = useState<string | null>(null);
  const chosen = calls.find(({ name }) => name === chosenName) ?? calls[0];
  return (
    <div className="grid items-start gap-4 md:grid-cols-[200px_minmax(0,1fr)]">
      <nav aria-label="Reducers" className="flex gap-1 overflow-x-auto md:flex-col">
        {calls.map((one) => (
          <button
            key={one.name}
            type="button"
            aria-current={one === chosen ? 'true' : undefined}
            onClick={() => setChosenName(one.name)}
            className={clsx('flex shrink-0 items-center gap-2 rounded-control px-2.5 py-1.5 text-left', one === chosen ? 'bg-accent-soft font-medium text-accent' : 'text-muted hover:bg-hover hover:text-fg')}
          >
            <Zap size={14} aria-hidden /> <span className="min-w-0 flex-1 truncate">{one.name}</span>
          </button>
        ))}
        {moments.map((one) => (
          <p key={one.name} title={`Runs ${one.lifecycle}`} className="flex shrink-0 items-center gap-2 px-2.5 py-1.5 text-faint"><Clock size={14} aria-hidden /> <span className="truncate">{one.name}</span></p>
        ))}
      </nav>
      {chosen === undefined
        ? <EmptyState icon={<Zap size={20} />} title="There is nothing to call">Declare a function with <code className="font-mono">@reducer</code> and publish again.</EmptyState>
        : <CallForm key={chosen.name} called={chosen} />}
    </div>
  );
}

type Outcome =
  | { readonly kind: 'done'; readonly micros: number; readonly value: string | null; readonly at: number }
  | { readonly kind: 'failed'; readonly title: string; readonly text: string; readonly at: number };

function CallForm({ called }: { readonly called: FunctionDefinition }) {
  const { client, definition } = useOpenDatabase();
  const [drafts, setDrafts] = useState<readonly Draft[]>(() => called.parameters.map(({ type }) => emptyDraft(definition.types, type)));
  const [errors, setErrors] = useState<DraftErrors>(new Map());
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const call = async () => {
    const encoded = encodeDrafts(definition.types, called.parameters, drafts);
    setErrors(encoded.errors);
    if (encoded.errors.size > 0) return;
    setBusy(true);
    try {
      const { value, micros } = await client.call(called.name, encoded.json);
      setOutcome({ kind: 'done', micros, value: called.result === null ? null : showValue(definition.types, called.result, value).whole, at: Date.now() });
    } catch (error) {
      setOutcome({ kind: 'failed', title: titleOf(error), text: explain(error), at: Date.now() });
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      aria-label={`Call ${called.name}`}
      noValidate
      className="flex min-w-0 flex-col gap-4 rounded-card border border-line bg-surface p-4"
      onSubmit={(event) => {
        event.preventDefault();
        void call();
      }}
    >
      <div>
        <h2 className="text-section font-semibold">{called.name}</h2>
        <p className="font-mono text-meta text-muted">({called.parameters.map(({ name, type }) => `${name}: ${definition.types.words(type)}`).join(', ')}){called.result !== null && ` → ${definition.types.words(called.result)}`}</p>
      </div>
      {called.parameters.length === 0 && <p className="text-small text-muted">It takes no arguments.</p>}
      {called.parameters.map((parameter, index) => (
        <DraftField key={parameter.name} types={definition.types} type={parameter.type} label={parameter.name} place={parameter.name} errors={errors}
          draft={drafts[index] ?? emptyDraft(definition.types, parameter.type)} onChange={(draft) => setDrafts(drafts.map((old, at) => (at === index ? draft : old)))} />
      ))}
      <div className="flex flex-wrap items-center gap-3">
        <Button look="primary" type="submit" busy={isBusy} icon={<Play size={13} aria-hidden />}>Call {called.name}</Button>
        <span className="text-small text-faint">{called.kind === 'reducer' ? 'One transaction: all of it happens, or nothing.' : 'A procedure: it may wait, and its result comes to you only.'}</span>
      </div>
      {outcome !== null && <OutcomeView key={outcome.at} outcome={outcome} />}
    </form>
  );
}

/** What kind of failure it is: the module's own refusal is told apart from mistakes of others. */
function titleOf(error: unknown): string {
  if (!(error instanceof DatabaseRefusal)) return 'The call failed';
  if (error.status === 530) return 'The module refused';
  if (error.status === 400) return 'The arguments do not fit';
  if (error.status === 403) return 'Not let in';
  if (error.status === 404) return 'There is no such function any more';
  return 'The call failed';
}

function OutcomeView({ outcome }: { readonly outcome: Outcome }) {
  if (outcome.kind === 'failed') {
    return (
      <div role="alert" className="rounded-card border border-line-strong bg-err-soft px-4 py-3">
        <p className="font-medium">{outcome.title}</p>
        <p className="font-mono text-small break-words whitespace-pre-wrap">{outcome.text}</p>
      </div>
    );
  }
  return (
    <div role="status" className="rounded-card border border-line-strong bg-ok-soft px-4 py-3">
      <p className="font-medium">Done <span className="font-normal text-muted">in {(outcome.micros / 1000).toFixed(outcome.micros < 10_000 ? 2 : 0)} ms</span></p>
      {outcome.value !== null && <p className="font-mono text-small break-words whitespace-pre-wrap">{outcome.value}</p>}
    </div>
  );
}
