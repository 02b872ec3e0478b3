import { Grid3x3, Play, Plus, Square } from 'lucide-react';
import { useRef, useState } from 'react';
import { explain } from '@/platform/api';
import { IndependentProduct, MATRIX_EXAMPLE, randomMatrices } from '@/platform/workers';
import { Button } from '@/ui/button';
import { Select } from '@/ui/field';
import { EmptyState, Failure } from '@/ui/states';
import { ExampleButton } from './example-button';
import { MatrixResults } from './matrix-results';
import { type MatrixRun, runMatrices, WAYS } from './matrix-runs';
import type { Worker, WorkerNode } from './queries';
import { formatMs, placeName } from './words';

const FUNCTION = 'multiply_f64';
const SIZES = [64, 128, 256, 384, 512, 768, 1024];

interface MatrixTabProps {
  readonly workers: readonly Worker[];
  readonly nodes: readonly WorkerNode[];
  readonly onPublish: () => void;
}

/** Two random matrices, multiplied in one place and divided over all: shows what spreading gains. */
export function MatrixTab({ workers, nodes, onPublish }: MatrixTabProps) {
  const able = workers.filter(({ functions }) => functions.some(({ name }) => name === FUNCTION));
  if (able.length === 0) {
    return (
      <EmptyState icon={<Grid3x3 size={20} />} title="The matrix worker is not published yet" action={<div className="flex flex-wrap justify-center gap-2">{!workers.some(({ name }) => name === MATRIX_EXAMPLE) && <ExampleButton look="primary" />}<Button icon={<Plus size={15} />} onClick={onPublish}>Publish a worker</Button></div>}>
        This page multiplies two random matrices here, on the server, and divided over nodes and tabs. It needs a worker with the function <code className="font-mono text-small">{FUNCTION}</code>. One in C comes with Cloche.
      </EmptyState>
    );
  }
  return <MatrixDemo workers={able} nodes={nodes} />;
}

function MatrixDemo({ workers, nodes }: { readonly workers: readonly Worker[]; readonly nodes: readonly WorkerNode[] }) {
  const [name, setName] = useState(workers[0]?.name ?? '');
  const [size, setSize] = useState(512);
  const [parts, setParts] = useState('0');
  const [runs, setRuns] = useState<readonly MatrixRun[]>([]);
  const [step, setStep] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const abort = useRef<AbortController | null>(null);
  const worker = workers.find((one) => one.name === name) ?? workers[0];
  const others = nodes.filter(({ kind, draining }) => kind !== 'local' && !draining);

  const start = async () => {
    if (worker === undefined) return;
    abort.current = new AbortController();
    setRuns([]);
    setFailure(null);
    try {
      setStep('Computing the product in JavaScript, to compare with');
      const matrices = randomMatrices(size);
      const product = await IndependentProduct.of(matrices);
      const options = { worker, matrices, product, parts: Number(parts), signal: abort.current.signal };
      for await (const run of runMatrices(options, (way) => setStep(WAYS[way].doing))) setRuns((before) => [...before, run]);
    } catch (error) {
      if (!abort.current.signal.aborted) setFailure(explain(error));
    } finally {
      setStep(null);
    }
  };

  return (
    <>
      <form className="flex flex-wrap items-end gap-3 rounded-card border border-line bg-surface p-4" onSubmit={(event) => { event.preventDefault(); void start(); }}>
        {workers.length > 1 && <Select label="Worker" value={name} onChange={setName} options={workers.map((one) => ({ value: one.name, label: one.name }))} />}
        <Select label="Size" value={String(size)} onChange={(value) => setSize(Number(value))} options={SIZES.map((value) => ({ value: String(value), label: `${value} × ${value}` }))} />
        <Select label="Parts" value={parts} onChange={setParts} options={[{ value: '0', label: 'as many as there is room for' }, ...['2', '4', '8', '16'].map((value) => ({ value, label: value }))]} />
        {step === null
          ? <Button look="primary" type="submit" icon={<Play size={13} aria-hidden />}>Multiply</Button>
          : <Button icon={<Square size={12} aria-hidden />} onClick={() => abort.current?.abort()}>Stop</Button>}
        <p role="status" className="w-full text-small text-muted">
          {step === null ? `Doubles, ${formatCount(size ** 3)} multiplications. Divided over the server${others.length === 0 ? ' only, until a node is there or a tab is lent' : `, ${others.map(({ id }) => placeName(id, nodes)).join(', ')}`}.` : `${step}…`}
        </p>
      </form>
      {failure !== null && <Failure title="The matrices were not multiplied" detail={failure} />}
      {runs.length > 0 && worker !== undefined && <MatrixResults runs={runs} nodes={nodes} size={size} digest={worker.digest} formatTime={formatMs} />}
    </>
  );
}

function formatCount(count: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', compactDisplay: 'long', maximumSignificantDigits: 3 }).format(count);
}
