import { clsx } from 'clsx';
import { Check, X } from 'lucide-react';
import { type MatrixRun, WAYS } from './matrix-runs';
import type { WorkerNode } from './queries';
import { placeName, shortDigest } from './words';

interface MatrixResultsProps {
  readonly runs: readonly MatrixRun[];
  readonly nodes: readonly WorkerNode[];
  readonly size: number;
  /** Of the published worker. */
  readonly digest: string;
  readonly formatTime: (ms: number) => string;
}

const fills = ['fill-accent', 'fill-ok', 'fill-warn', 'fill-err', 'fill-muted', 'fill-line-strong'] as const;
const dots = ['bg-accent', 'bg-ok', 'bg-warn', 'bg-err', 'bg-muted', 'bg-line-strong'] as const;

/** The times beside one another, the gain, which block ran where, and whether all numbers are right. */
export function MatrixResults({ runs, nodes, size, digest, formatTime }: MatrixResultsProps) {
  const longest = Math.max(1, ...runs.map(({ wholeMs }) => wholeMs));
  const alone = runs.filter(({ way, failure }) => way !== 'divided' && failure === null).toSorted((a, b) => a.wholeMs - b.wholeMs)[0];
  const divided = runs.find(({ way, failure }) => way === 'divided' && failure === null);
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_320px]">
      <section aria-label="Times" className="rounded-card border border-line bg-surface p-4">
        <h2 className="font-medium">Times</h2>
        <p className="mb-3 text-small text-muted">From the request to the answer; each way ran once before.</p>
        <ul className="flex flex-col gap-3">
          {runs.map((run) => (
            <li key={run.way}>
              <div className="flex flex-wrap items-baseline gap-x-3">
                <span className="font-medium">{WAYS[run.way].label}</span>
                {run.failure === null && <span className="font-mono text-small">{formatTime(run.wholeMs)}</span>}
                {run.check !== null && <Verdict isRight={run.check.isRight} error={run.check.largestError} numbers={size * size} />}
                {run.digest !== '' && <span className={clsx('ml-auto font-mono text-meta', run.digest === digest ? 'text-faint' : 'text-err')} title={run.digest}>{shortDigest(run.digest)}{run.digest !== digest && ' is another file'}</span>}
              </div>
              {run.failure === null
                ? <div aria-hidden className="mt-1 h-3 rounded-row bg-hover"><div className={clsx('h-full rounded-row', run.way === 'divided' ? 'bg-accent' : 'bg-muted')} style={{ width: `${Math.max(1, (run.wholeMs / longest) * 100)}%` }} /></div>
                : <p className="text-small text-err">{run.failure}</p>}
            </li>
          ))}
        </ul>
        {alone !== undefined && divided !== undefined && <Gain factor={alone.wholeMs / divided.wholeMs} alone={WAYS[alone.way].label} />}
      </section>
      {divided !== undefined && <Blocks places={divided.places} nodes={nodes} size={size} />}
    </div>
  );
}

function Verdict({ isRight, error, numbers }: { readonly isRight: boolean; readonly error: number; readonly numbers: number }) {
  const Icon = isRight ? Check : X;
  return (
    <span className={clsx('inline-flex items-center gap-1 text-small', isRight ? 'text-ok' : 'text-err')}>
      <Icon size={13} aria-hidden /> {isRight ? `all ${numbers.toLocaleString()} numbers right` : `wrong, by up to ${error.toPrecision(2)}`}
    </span>
  );
}

function Gain({ factor, alone }: { readonly factor: number; readonly alone: string }) {
  const isGain = factor > 1.02;
  return (
    <p role="status" className={clsx('mt-4 rounded-control px-3 py-2', isGain ? 'bg-ok-soft' : 'bg-warn-soft')}>
      {isGain
        ? <><strong className="font-semibold">{factor.toFixed(2)} times as fast</strong> as in the best single place ({alone.toLowerCase()}).</>
        : <><strong className="font-semibold">No gain ({factor.toFixed(2)})</strong> against {alone.toLowerCase()}: for this size the way there and back costs more than it saves, or there is no free place. Calls with <code className="font-mono">divide=auto</code> stay in one place then.</>}
    </p>
  );
}

/** The answer as bands of rows, each in the colour of the place that computed it. */
function Blocks({ places, nodes, size }: { readonly places: readonly string[]; readonly nodes: readonly WorkerNode[]; readonly size: number }) {
  const distinct = [...new Set(places)];
  const count = Math.max(1, places.length);
  return (
    <figure aria-label="Which block ran where" className="rounded-card border border-line bg-surface p-4">
      <figcaption className="mb-2">
        <span className="font-medium">Which block ran where</span>
        <span className="block text-small text-muted">{count === 1 ? 'one block' : `${count} bands of about ${Math.ceil(size / count)} rows`}</span>
      </figcaption>
      <svg viewBox="0 0 240 240" role="img" aria-label={places.map((place, index) => `block ${index + 1}: ${placeName(place, nodes)}`).join(', ')} className="w-full max-w-72">
        {places.map((place, index) => (
          // eslint-disable-next-line react/no-array-index-key -- blocks have no other name than their number
          <g key={index}>
            <rect x={0} y={(240 / count) * index} width={240} height={Math.max(1, 240 / count - 2)} rx={3} className={clsx(fills[distinct.indexOf(place) % fills.length], 'opacity-80')} />
            {count <= 16 && <text x={8} y={(240 / count) * (index + 0.5) + 3} className="fill-bg text-meta font-semibold">{index + 1}</text>}
          </g>
        ))}
      </svg>
      <ul className="mt-3 flex flex-col gap-1 text-small">
        {distinct.map((place, index) => (
          <li key={place} className="flex items-center gap-2"><span aria-hidden className={clsx('size-2.5 rounded-full', dots[index % dots.length])} /><span className="min-w-0 flex-1 truncate">{placeName(place, nodes)}</span><span className="text-muted">{places.filter((one) => one === place).length}</span></li>
        ))}
      </ul>
    </figure>
  );
}
