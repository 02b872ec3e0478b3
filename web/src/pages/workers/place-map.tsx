import { clsx } from 'clsx';
import type { WorkerNode } from './queries';
import { runningAt } from './words';

const WIDTH = 720;
const MOST = 12;

/** The server in the middle, nodes and tabs around it; a ring of each shows its slots, filled where they are busy. */
export function PlaceMap({ nodes }: { readonly nodes: readonly WorkerNode[] }) {
  const server = nodes.find(({ kind }) => kind === 'local');
  const others = nodes.filter(({ kind }) => kind !== 'local');
  const drawn = others.slice(0, MOST);
  // two lie beside the server, which needs less height than a ring
  const height = drawn.length > 2 ? 340 : 170;
  const centre = { x: WIDTH / 2, y: height / 2 - 8 };
  const busy = nodes.reduce((sum, node) => sum + runningAt(node), 0);
  const slots = nodes.reduce((sum, node) => sum + node.slots, 0);
  return (
    <figure className="hidden rounded-card border border-line bg-surface p-4 sm:block">
      <figcaption className="flex flex-wrap items-baseline gap-x-4">
        <span className="font-medium">Map</span>
        <span className="text-small text-muted">{nodes.length === 1 ? '1 place' : `${nodes.length} places`}, {busy} of {slots} slots busy{others.length > MOST && `; the first ${MOST} are drawn`}</span>
        <span className="ml-auto flex gap-4 text-small text-muted">
          <span className="flex items-center gap-1.5"><span aria-hidden className="size-2.5 rounded-full bg-accent" />busy slot</span>
          <span className="flex items-center gap-1.5"><span aria-hidden className="size-2.5 rounded-full bg-line-strong" />free slot</span>
        </span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${height}`} className="mx-auto w-full max-w-[860px]" role="img" aria-label={`Map of places: ${nodes.map((node) => `${node.kind === 'local' ? 'the server' : node.name}, ${runningAt(node)} of ${node.slots} busy`).join('; ')}`}>
        {drawn.map((node, index) => {
          const at = around(index, drawn.length, centre);
          return <line key={node.id} x1={centre.x} y1={centre.y} x2={at.x} y2={at.y} strokeDasharray={node.draining ? '3 5' : undefined} className={clsx('transition-[stroke]', node.busy > 0 ? 'stroke-accent' : 'stroke-line-strong')} strokeWidth={node.busy > 0 ? 2 : 1} />;
        })}
        {server && <Circle node={server} at={centre} radius={34} label="server" />}
        {drawn.map((node, index) => <Circle key={node.id} node={node} at={around(index, drawn.length, centre)} radius={24} label={node.kind} />)}
      </svg>
    </figure>
  );
}

interface Place {
  readonly x: number;
  readonly y: number;
}

interface CircleProps {
  readonly node: WorkerNode;
  readonly at: Place;
  readonly radius: number;
  readonly label: string;
}

function Circle({ node, at, radius, label }: CircleProps) {
  const ring = radius + 6;
  const length = 2 * Math.PI * ring;
  const count = Math.max(1, Math.min(node.slots, 24));
  const gap = count === 1 ? 0 : 3;
  return (
    <g transform={`translate(${at.x} ${at.y})`}>
      <circle r={ring + 5} className="fill-surface" />
      <circle r={radius} className={clsx('stroke-line-strong', node.busy > 0 ? 'fill-accent-soft' : 'fill-hover')} />
      <g transform="rotate(-90)">
        {Array.from({ length: count }, (_, index) => index).map((index) => (
          <circle key={index} r={ring} fill="none" strokeWidth={5} strokeDasharray={`${length / count - gap} ${length - length / count + gap}`} strokeDashoffset={-index * (length / count)}
            className={clsx('transition-[stroke]', index < node.busy ? 'stroke-accent' : 'stroke-line-strong')} />
        ))}
      </g>
      <text textAnchor="middle" y={-2} className="fill-fg text-card font-semibold">{runningAt(node)}<tspan className="fill-muted text-small font-normal">/{node.slots}</tspan></text>
      <text textAnchor="middle" y={13} className="fill-muted text-meta">{label}</text>
      <text textAnchor="middle" y={ring + 20} className="fill-fg text-small">{node.kind === 'local' ? '' : cut(node.name)}</text>
    </g>
  );
}

/** Places on an ellipse; two are left and right of the server, and none right above it unless there are many. */
function around(index: number, count: number, centre: Place): Place {
  const angle = Math.PI + (count > 2 ? Math.PI / count : 0) + (2 * Math.PI * index) / count;
  return { x: centre.x + 280 * Math.cos(angle), y: centre.y + 118 * Math.sin(angle) };
}

function cut(name: string): string {
  return name.length > 20 ? `${name.slice(0, 19)}…` : name;
}
