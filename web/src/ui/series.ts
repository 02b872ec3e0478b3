/** A value at a second since 1970. */
export interface Point {
  readonly at: number;
  readonly value: number;
}

/** Every second of the span has a point: those without calls are 0. */
export function everySecond(points: readonly Point[], from: number, to: number): readonly Point[] {
  const known = new Map(points.map(({ at, value }) => [at, value]));
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => ({ at: from + index, value: known.get(from + index) ?? 0 }));
}

/** A round number that is at least as great: the top of an axis. */
export function niceTop(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= value * 0.999_999) ?? 10 * power;
}

/** The points as an SVG path in a box of this size; a gap of more than `gap` seconds begins a new line. */
export function pathOf(points: readonly Point[], box: { readonly width: number; readonly height: number; readonly from: number; readonly to: number; readonly top: number }, gap = Infinity): string {
  const span = Math.max(1, box.to - box.from);
  let last = -Infinity;
  return points
    .map(({ at, value }) => {
      const x = ((at - box.from) / span) * box.width;
      const y = box.height - (Math.min(value, box.top) / box.top) * box.height;
      const begins = at - last > gap || last === -Infinity;
      last = at;
      // a point that stands alone would not be drawn without some length
      return `${begins ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}${begins ? 'h.01' : ''}`;
    })
    .join('');
}

/** Microseconds in a unit that reads well. */
export function formatMicros(micros: number): string {
  if (micros < 1000) return `${Math.round(micros)} µs`;
  if (micros < 1_000_000) return `${(micros / 1000).toFixed(micros < 10_000 ? 1 : 0)} ms`;
  return `${(micros / 1_000_000).toFixed(1)} s`;
}
