import { Download } from 'lucide-react';
import { decodeText, formatSize, sameBytes } from '@/base/bytes';
import { Button } from '@/ui/button';
import type { Outcome } from './call-runs';
import type { Worker, WorkerFunction, WorkerNode } from './queries';
import { formatMs, placeName, ranWhere, shortDigest } from './words';

interface CallOutcomesProps {
  readonly outcomes: readonly Outcome[];
  readonly worker: Worker;
  readonly called: WorkerFunction;
  readonly nodes: readonly WorkerNode[];
}

const LONGEST_TEXT = 20_000;
const MOST_BYTES = 512;

/** What came of a call, or of the same call in several places. */
export function CallOutcomes({ outcomes, worker, called, nodes }: CallOutcomesProps) {
  const answers = outcomes.filter((one) => one.kind === 'answer');
  const first = answers[0];
  const areSame = answers.every(({ output }) => first !== undefined && sameBytes(output, first.output));
  if (outcomes.length === 0) return null;
  return (
    <div className="flex flex-col gap-3">
      {outcomes.length > 1 && answers.length > 1 && (
        <p role="status" className={areSame ? 'text-ok' : 'text-warn'}>{areSame ? `All ${answers.length} places answered the same bytes.` : 'Not all places answered the same bytes.'}</p>
      )}
      {outcomes.map((outcome, index) => (
        // eslint-disable-next-line react/no-array-index-key -- outcomes only come, in their order
        <OutcomeView key={index} outcome={outcome} worker={worker} called={called} nodes={nodes} isShort={index > 0 && outcome.kind === 'answer' && areSame} />
      ))}
    </div>
  );
}

interface OutcomeViewProps extends Omit<CallOutcomesProps, 'outcomes'> {
  readonly outcome: Outcome;
  /** The output was shown above already. */
  readonly isShort: boolean;
}

function OutcomeView({ outcome, worker, called, nodes, isShort }: OutcomeViewProps) {
  if (outcome.kind === 'failed') {
    return (
      <div role="alert" className="rounded-card border border-line-strong bg-err-soft px-4 py-3">
        <p className="font-medium">{outcome.title} <span className="font-normal text-muted">{['auto', 'node', 'tab'].includes(outcome.place) ? '' : `· ${placeName(outcome.place, nodes)}`}</span></p>
        <p className="font-mono text-small break-words whitespace-pre-wrap">{outcome.text}</p>
        {outcome.field !== undefined && <p className="mt-1 text-small text-muted">Field <code className="font-mono">{outcome.field}</code>{outcome.rule !== undefined && <>, rule <code className="font-mono">{outcome.rule}</code></>}</p>}
      </div>
    );
  }
  const isOwn = outcome.digest === worker.digest;
  return (
    <div role="status" className="rounded-card border border-line-strong bg-ok-soft px-4 py-3">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-medium">{outcome.places.length === 0 ? 'Done' : `Ran ${[...new Set(outcome.places)].map((place) => ranWhere(place, nodes)).join(', ')}`}</span>
        <span className="text-muted">{formatMs(outcome.ranMs)}, {formatMs(outcome.wholeMs)} with the way there and back{outcome.places.length > 1 && `, in ${outcome.places.length} parts`}{outcome.isHedged && ', asked in two places'}</span>
        <span className="ml-auto font-mono text-meta text-muted" title={outcome.digest}>{shortDigest(outcome.digest)}{isOwn ? '' : ' is another file'}</span>
      </p>
      {!isShort && <Output output={outcome.output} called={called} />}
    </div>
  );
}

function Output({ output, called }: { readonly output: Uint8Array<ArrayBuffer>; readonly called: WorkerFunction }) {
  const text = called.output === 'bytes' && output.length > MOST_BYTES ? null : decodeText(output);
  return (
    <>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by the keyboard */}
      <pre tabIndex={0} aria-label="Output" className="mt-2 max-h-80 overflow-auto rounded-control bg-surface p-2.5 font-mono text-small break-words whitespace-pre-wrap">{text === null ? hex(output) : cut(text)}</pre>
      <div className="mt-2 flex items-center gap-3 text-small text-muted">
        <span>{formatSize(output.length)}</span>
        <Button small icon={<Download size={13} aria-hidden />} onClick={() => save(output, called)}>Save</Button>
      </div>
    </>
  );
}

function cut(text: string): string {
  if (text === '') return '(nothing)';
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}

/** The first bytes, sixteen in a line. */
function hex(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < Math.min(bytes.length, MOST_BYTES); at += 16) {
    const line = [...bytes.subarray(at, at + 16)];
    lines.push(`${at.toString(16).padStart(6, '0')}  ${line.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`);
  }
  return lines.join('\n') + (bytes.length > MOST_BYTES ? '\n…' : '');
}

function save(bytes: Uint8Array<ArrayBuffer>, called: WorkerFunction): void {
  const url = URL.createObjectURL(new Blob([bytes]));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${called.name}.${called.output === 'json' ? 'json' : called.output === 'text' ? 'txt' : 'bin'}`;
  link.click();
  URL.revokeObjectURL(url);
}
