import { clsx } from 'clsx';
import { AppWindow, Server, Unplug } from 'lucide-react';
import { api } from '@/platform/api';
import { tellFailure } from '@/platform/notifications';
import { lending } from '@/platform/workers';
import { IconButton } from '@/ui/button';
import { StatusDot } from '@/ui/states';
import { Ago } from '@/ui/time';
import { useValue } from '@/ui/use-value';
import { PlaceMap } from './place-map';
import type { Statistics, WorkerNode } from './queries';
import { formatMs, placeName, runningAt, sizeClass } from './words';

/** Where calls can run, what runs there now, and what was measured. */
export function PlacesTab({ statistics }: { readonly statistics: Statistics }) {
  const { nodes, places } = statistics;
  return (
    <>
      <PlaceMap nodes={nodes} />
      <ul aria-label="Places" className="grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {nodes.map((node) => <PlaceCard key={node.id} node={node} />)}
      </ul>
      {nodes.length < 2 && (
        <p className="text-small text-muted">
          Only the server runs calls now. Lend this tab, or start a node on this or another machine: <code className="font-mono">CLOCHE_TOKEN=… ./cloche worker --port 8081 --coordinator {nodeAddress()}</code> with a token of the scope <code className="font-mono">work</code>.
        </p>
      )}
      {places.length > 0 && <Measured places={places} nodes={nodes} />}
    </>
  );
}

/** The address for programs: they do not know the names below localhost that browsers know. */
function nodeAddress(): string {
  return location.origin.replace('//cloche.localhost', '//localhost');
}

const icons = { local: Server, node: Server, tab: AppWindow } as const;
const kinds = { node: 'Node', tab: 'Tab' } as const;

function PlaceCard({ node }: { readonly node: WorkerNode }) {
  const Icon = icons[node.kind];
  const lent = useValue(lending().state);
  const isThis = lent.state === 'linked' && lent.node === node.id;
  const end = async () => {
    try {
      await api.DELETE('/api/nodes/{id}', { params: { path: { id: node.id } } });
    } catch (error) {
      tellFailure('The link was not ended', error);
    }
  };
  return (
    <li className="flex min-w-0 flex-col gap-2 rounded-card border border-line bg-surface p-4">
      <div className="flex items-start gap-2">
        <Icon size={16} className={clsx('mt-0.5 shrink-0', node.busy > 0 ? 'text-accent' : 'text-muted')} aria-hidden />
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium">{node.kind === 'local' ? 'The server' : node.name}{isThis && <span className="font-normal text-muted"> - this tab</span>}</p>
          <p className="truncate text-small text-muted">{node.kind !== 'local' && `${kinds[node.kind]}${node.person === undefined ? '' : ` of ${node.person}`} · `}{node.engine}{node.simd && ' · vectors'}</p>
        </div>
        {node.kind !== 'local' && node.own && <IconButton label={`End the link of ${node.name}`} small onClick={() => void end()}><Unplug size={14} /></IconButton>}
      </div>
      <Slots node={node} />
      <p className="flex flex-wrap items-center gap-x-1.5 text-small text-muted">
        <StatusDot tone={node.draining ? 'warn' : 'ok'} /> {node.draining ? 'Finishing' : `${runningAt(node)} of ${node.slots} busy`}{node.busy > node.slots && `, ${node.busy - node.slots} wait`} · {node.ran.toLocaleString()} done{node.failed > 0 && ` · ${node.failed.toLocaleString()} failed`}
        {node.meanMs !== undefined && ` · ${formatMs(node.meanMs)} a call`}
      </p>
      <div className="flex items-center gap-2 text-meta text-faint">
        <span>Load</span>
        <span role="img" aria-label={`${Math.round(node.load * 100)} percent`} className="h-1 flex-1 overflow-hidden rounded-full bg-hover"><span className={clsx('block h-full rounded-full', node.load > 0.9 ? 'bg-warn' : 'bg-accent')} style={{ width: `${Math.min(100, node.load * 100)}%` }} /></span>
        <span className="w-10 text-right whitespace-nowrap">{Math.round(node.load * 100)} %</span>
      </div>
      {node.kind !== 'local' && <p className="truncate text-meta text-faint">linked <Ago time={node.connectedAt} />{node.publicUrl !== undefined && <span title={`Callers with a ticket of this server reach it at ${node.publicUrl}`}> · takes tickets at {node.publicUrl}</span>}</p>}
    </li>
  );
}

/** One mark for each slot, filled when it is busy. */
function Slots({ node }: { readonly node: WorkerNode }) {
  const shown = Math.min(node.slots, 32);
  return (
    <div role="img" aria-label={`${runningAt(node)} of ${node.slots} slots busy`} className="flex flex-wrap gap-1">
      {Array.from({ length: shown }, (_, index) => index).map((index) => <span key={index} className={clsx('h-2.5 w-5 rounded-row transition-colors', index < node.busy ? 'bg-accent' : 'bg-hover')} />)}
    </div>
  );
}

function Measured({ places, nodes }: { readonly places: Statistics['places']; readonly nodes: readonly WorkerNode[] }) {
  const sorted = places.toSorted((a, b) => `${a.worker} ${a.function}`.localeCompare(`${b.worker} ${b.function}`) || a.inputBytes - b.inputBytes || a.meanMs - b.meanMs);
  return (
    <section aria-label="What was measured">
      <h2 className="font-medium">What was measured</h2>
      <p className="mb-2 text-small text-muted">A call goes where calls of its size were answered soonest.</p>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by the keyboard */}
      <div tabIndex={0} className="max-h-96 overflow-auto rounded-card border border-line bg-surface">
        <table className="w-full text-left text-small">
          <thead className="sticky top-0 bg-raised text-muted">
            <tr>{['Function', 'Input', 'Place', 'Calls', 'Mean', '95 of 100'].map((word, index) => <th key={word} className={clsx('px-3 py-2 font-medium whitespace-nowrap', (index === 1 || index > 2) && 'text-right', (index === 3 || index === 5) && 'hidden sm:table-cell')}>{word}</th>)}</tr>
          </thead>
          <tbody className="divide-y divide-line border-t border-line">
            {sorted.map((one) => (
              <tr key={`${one.worker} ${one.function} ${one.inputBytes} ${one.place}`}>
                <td className="px-3 py-1.5">{one.worker} · {one.function}</td>
                <td className="px-3 text-right whitespace-nowrap">{sizeClass(one.inputBytes)}</td>
                <td className="px-3 whitespace-nowrap">{placeName(one.place, nodes)}</td>
                <td className="hidden px-3 text-right sm:table-cell">{one.calls.toLocaleString()}</td>
                <td className="px-3 text-right whitespace-nowrap">{formatMs(one.meanMs)}</td>
                <td className="hidden px-3 text-right whitespace-nowrap sm:table-cell">{formatMs(one.p95Ms)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
