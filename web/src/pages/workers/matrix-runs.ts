import { explain } from '@/platform/api';
import { callOnServer, decodeProduct, encodeMatrices, settingsInTab, tabEngine, workerFile, type Check, type IndependentProduct, type Matrices } from '@/platform/workers';
import type { Worker } from './queries';

export type Way = 'here' | 'server' | 'divided';

export const WAYS: Readonly<Record<Way, { readonly label: string; readonly doing: string }>> = {
  here: { label: 'This tab', doing: 'Multiplying in this tab' },
  server: { label: 'The server', doing: 'Multiplying on the server' },
  divided: { label: 'Divided', doing: 'Multiplying in parts' },
};

/** What came of one way to multiply. */
export interface MatrixRun {
  readonly way: Way;
  /** From the request to the answer. */
  readonly wholeMs: number;
  /** Where it ran, one place for each part, in their order. */
  readonly places: readonly string[];
  /** SHA-256 of the worker, as the place says it. */
  readonly digest: string;
  readonly check: Check | null;
  readonly failure: string | null;
}

interface RunOptions {
  readonly worker: Worker;
  readonly matrices: Matrices;
  readonly product: IndependentProduct;
  readonly parts: number;
  readonly signal: AbortSignal;
}

const FUNCTION = 'multiply_f64';

type Raw = Pick<MatrixRun, 'wholeMs' | 'places' | 'digest'> & { readonly output: Uint8Array };

/** Multiplies in each way, one after the other; every way has one run before that is not counted. */
export async function* runMatrices(options: RunOptions, onWay: (way: Way) => void): AsyncGenerator<MatrixRun> {
  const ways: Readonly<Record<Way, (() => Promise<() => Promise<Raw>>) | null>> = {
    here: options.worker.tabs ? () => here(options) : null,
    server: async () => () => onServer(options, 'server'),
    divided: async () => () => onServer(options, 'divided'),
  };
  for (const way of ['here', 'server', 'divided'] as const) {
    const prepare = ways[way];
    if (prepare === null) continue;
    onWay(way);
    options.signal.throwIfAborted();
    try {
      const run = await prepare();
      await run();
      const { output, ...raw } = await run();
      const answer = decodeProduct(output, options.matrices.size);
      yield { way, ...raw, check: answer === null ? { isRight: false, largestError: Infinity } : options.product.check(answer), failure: null };
    } catch (error) {
      options.signal.throwIfAborted();
      yield { way, wholeMs: 0, places: [], digest: '', check: null, failure: explain(error) };
    }
  }
}

async function here({ worker, matrices, signal }: RunOptions): Promise<() => Promise<Raw>> {
  const engine = await tabEngine();
  const loaded = await engine.load(worker.name, await workerFile(worker.name, worker.digest), settingsInTab(worker));
  return async () => {
    const started = performance.now();
    const { output } = await engine.call({ key: loaded.key, function: FUNCTION, input: encodeMatrices(matrices).buffer, timeoutMs: loaded.timeoutMs, signal });
    return { wholeMs: performance.now() - started, places: ['here'], digest: loaded.digest, output: new Uint8Array(output) };
  };
}

async function onServer({ worker, matrices, parts, signal }: RunOptions, way: 'server' | 'divided'): Promise<Raw> {
  const target = way === 'server' ? { where: 'local' } : { where: 'auto', divide: parts };
  const { wholeMs, ranOn, digest, output } = await callOnServer({ worker: worker.name, function: FUNCTION, input: encodeMatrices(matrices), isJson: false, signal, ...target });
  return { wholeMs, places: ranOn, digest, output };
}
