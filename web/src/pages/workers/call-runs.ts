import { ApiProblem, explain } from '@/platform/api';
import { callOnServer, settingsInTab, tabEngine, TabCallFailure, workerFile } from '@/platform/workers';
import type { Worker, WorkerFunction } from './queries';

/** What came of one call. */
export type Outcome =
  | {
      readonly kind: 'answer';
      readonly output: Uint8Array<ArrayBuffer>;
      readonly places: readonly string[];
      readonly ranMs: number;
      readonly wholeMs: number;
      readonly digest: string;
      readonly isHedged: boolean;
    }
  | { readonly kind: 'failed'; readonly place: string; readonly title: string; readonly text: string; readonly field?: string | undefined; readonly rule?: string | undefined };

interface CallOptions {
  readonly worker: Worker;
  readonly called: WorkerFunction;
  readonly input: Uint8Array<ArrayBuffer>;
  readonly place: string;
  readonly divide: string;
  readonly signal: AbortSignal;
}

/** Calls in this place; `here` is this tab. Failures are outcomes. */
export async function runCall(options: CallOptions): Promise<Outcome> {
  try {
    return options.place === 'here' ? await here(options) : await onServer(options);
  } catch (error) {
    return failed(options.place, error);
  }
}

async function here({ worker, called, input, signal }: CallOptions): Promise<Outcome> {
  const engine = await tabEngine();
  const loaded = await engine.load(worker.name, await workerFile(worker.name, worker.digest), settingsInTab(worker));
  const started = performance.now();
  const { output, ranMs } = await engine.call({ key: loaded.key, function: called.name, input: input.slice().buffer, timeoutMs: loaded.timeoutMs, signal });
  return { kind: 'answer', output: new Uint8Array(output), places: ['here'], ranMs, wholeMs: performance.now() - started, digest: loaded.digest, isHedged: false };
}

async function onServer({ worker, called, input, place, divide, signal }: CallOptions): Promise<Outcome> {
  const parts = divide === '' ? {} : { divide: divide === 'auto' ? ('auto' as const) : Number(divide) };
  const { output, ranOn, ranMs, wholeMs, digest, isHedged } = await callOnServer({ worker: worker.name, function: called.name, input, isJson: called.input === 'json', where: place, signal, ...parts });
  return { kind: 'answer', output, places: ranOn, ranMs, wholeMs, digest, isHedged };
}

const titles: Readonly<Record<string, string>> = {
  unknown_function: 'The worker has no such function',
  bad_input: 'The worker refuses the input',
  failed: 'The worker says that it failed',
  trapped: 'The worker was ended',
  timed_out: 'It took too long',
  out_of_memory: 'It needs more memory than it may use',
  busy: 'All places are busy',
  cancelled: 'The call was stopped',
  unavailable: 'It cannot run there',
};

function failed(place: string, error: unknown): Outcome {
  if (error instanceof TabCallFailure) {
    const { failure } = error;
    return { kind: 'failed', place, title: titles[failure.error] ?? 'The call failed', text: failure.message, field: failure.field, rule: failure.rule };
  }
  if (error instanceof ApiProblem) {
    const { failure } = error.problem as { readonly failure?: string };
    const first = error.problem.errors?.[0];
    return { kind: 'failed', place, title: titles[failure ?? ''] ?? 'The call failed', text: error.message, field: first?.field, rule: first?.rule };
  }
  const isStopped = error instanceof DOMException && error.name === 'AbortError';
  return { kind: 'failed', place, title: isStopped ? 'The call was stopped' : 'The call failed', text: isStopped ? 'Its answer is not waited for any more.' : explain(error) };
}
