import { clsx } from 'clsx';
import { useId } from 'react';
import { niceTop, pathOf, type Point } from './series';

interface Line {
  readonly label: string;
  readonly tone: 'accent' | 'warn' | 'err' | 'ok';
  readonly points: readonly Point[];
  readonly filled?: boolean;
}

interface ChartProps {
  readonly title: string;
  /** The most important number, in words. */
  readonly now: string;
  readonly from: number;
  readonly to: number;
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
  readonly isEmpty: boolean;
  /** A longer pause than so many seconds is not bridged by a line. */
  readonly gap?: number;
}

const WIDTH = 600;
const HEIGHT = 120;
const strokes = { accent: 'stroke-accent', warn: 'stroke-warn', err: 'stroke-err', ok: 'stroke-ok' } as const;
const fills = { accent: 'fill-accent', warn: 'fill-warn', err: 'fill-err', ok: 'fill-ok' } as const;
const dots = { accent: 'bg-accent', warn: 'bg-warn', err: 'bg-err', ok: 'bg-ok' } as const;

/** Lines over time, with the greatest value at the top. */
export function Chart({ title, now, from, to, lines, format, isEmpty, gap }: ChartProps) {
  const id = useId();
  const top = niceTop(Math.max(0, ...lines.flatMap(({ points }) => points.map(({ value }) => value))));
  const box = { width: WIDTH, height: HEIGHT, from, to, top };
  return (
    <figure aria-labelledby={id} className="min-w-0 rounded-card border border-line bg-surface p-4">
      <figcaption className="mb-2 flex flex-wrap items-baseline gap-x-4">
        <span id={id} className="font-medium">{title}</span>
        <span className="text-small text-muted">{now}</span>
      </figcaption>
      <div className="flex gap-2">
        <div className="flex w-12 shrink-0 flex-col justify-between text-right text-meta text-faint"><span>{isEmpty ? '' : format(top)}</span><span>0</span></div>
        <div className="relative min-w-0 flex-1">
          <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className="h-28 w-full overflow-visible" role="img" aria-label={`${title}: ${now}`}>
            {[0, 0.5, 1].map((part) => <line key={part} x1={0} x2={WIDTH} y1={part * HEIGHT} y2={part * HEIGHT} className="stroke-line" vectorEffect="non-scaling-stroke" />)}
            {/* the first one is drawn last: where all lie on the axis, it is the one that is seen */}
            {lines.toReversed().map(({ label, tone, points, filled = false }) => {
              const path = pathOf(points, box, gap);
              const ends = points.length > 1 ? `L${(((points[points.length - 1]?.at ?? to) - from) / Math.max(1, to - from)) * WIDTH} ${HEIGHT}L${(((points[0]?.at ?? from) - from) / Math.max(1, to - from)) * WIDTH} ${HEIGHT}Z` : '';
              return (
                <g key={label}>
                  {filled && ends !== '' && <path d={path + ends} className={clsx(fills[tone], 'opacity-15')} />}
                  <path d={path} fill="none" strokeWidth={gap === undefined ? 1.5 : 3} strokeLinecap="round" strokeLinejoin="round" className={strokes[tone]} vectorEffect="non-scaling-stroke" />
                </g>
              );
            })}
          </svg>
          {isEmpty && <p className="absolute inset-0 flex items-center justify-center text-small text-faint">No calls in the last five minutes</p>}
        </div>
      </div>
      <div className="mt-1 ml-14 flex justify-between gap-3 text-meta text-faint">
        <span>{agoWords(to - from)}</span>
        {lines.length > 1 && (
          <span className="flex gap-3 text-muted">
            {lines.map(({ label, tone }) => <span key={label} className="flex items-center gap-1.5"><span aria-hidden className={clsx('h-0.5 w-3', dots[tone])} />{label}</span>)}
          </span>
        )}
        <span>now</span>
      </div>
    </figure>
  );
}

function agoWords(seconds: number): string {
  return seconds < 90 ? `${Math.round(seconds)} s ago` : `${Math.round(seconds / 60)} min ago`;
}
