import { clsx } from 'clsx';
import { FunctionSquare } from 'lucide-react';
import { useState } from 'react';
import { EmptyState } from '@/ui/states';
import { CallForm } from './call-form';
import type { Worker } from './queries';
import { isForPeople } from './words';

/** The functions of a worker, each with a form to try it. */
export function FunctionsTab({ worker }: { readonly worker: Worker }) {
  const [chosenName, setChosenName] = useState<string | null>(null);
  const functions = worker.functions.filter(isForPeople);
  const chosen = functions.find(({ name }) => name === chosenName) ?? functions[0];
  if (chosen === undefined) {
    return <EmptyState icon={<FunctionSquare size={20} />} title="It names no functions">A WASI command takes any name as its argument; say in <code className="font-mono">worker.json</code> which ones it knows.</EmptyState>;
  }
  return (
    <div className="grid items-start gap-4 md:grid-cols-[200px_minmax(0,1fr)]">
      <nav aria-label="Functions" className="flex gap-1 overflow-x-auto md:flex-col">
        {functions.map((one) => (
          <button key={one.name} type="button" aria-current={one === chosen ? 'true' : undefined} onClick={() => setChosenName(one.name)}
            className={clsx('flex shrink-0 items-center gap-2 rounded-control px-2.5 py-1.5 text-left focus-visible:-outline-offset-2', one === chosen ? 'bg-accent-soft font-medium text-accent' : 'text-muted hover:bg-hover hover:text-fg')}>
            <FunctionSquare size={14} aria-hidden className="shrink-0" /> <span className="min-w-0 flex-1 truncate">{one.name}</span>
            {one.divisible && <span aria-hidden className="shrink-0 rounded-row border border-line-strong px-1 text-meta font-normal text-muted">divisible</span>}
          </button>
        ))}
      </nav>
      <CallForm key={`${worker.digest} ${chosen.name}`} worker={worker} called={chosen} />
    </div>
  );
}
