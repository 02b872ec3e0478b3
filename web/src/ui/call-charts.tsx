import { Chart } from './chart';
import { everySecond } from './series';

const SPAN = 300;

/** The calls of a second; times in whatever the page formats. */
export interface CallSecond {
  readonly at: number;
  readonly calls: number;
  readonly failed: number;
  readonly median: number;
  readonly tail: number;
}

interface CallChartsProps {
  readonly seconds: readonly CallSecond[];
  /** The last second that is over. */
  readonly to: number;
  /** Of 100 calls so many took no longer than `tail`. */
  readonly percentile: 95 | 99;
  readonly format: (time: number) => string;
}

/** How many calls there were in the last five minutes, and how long they took. */
export function CallCharts({ seconds, to, percentile, format }: CallChartsProps) {
  const from = to - SPAN + 1;
  const seen = seconds.filter(({ at }) => at >= from && at <= to);
  const total = seen.reduce((sum, { calls }) => sum + calls, 0);
  const failures = seen.reduce((sum, { failed }) => sum + failed, 0);
  const last = seen.at(-1);
  return (
    <>
      <Chart title="Calls per second" now={`${total.toLocaleString()} in five minutes${failures > 0 ? `, ${failures.toLocaleString()} failed` : ''}`} from={from} to={to} isEmpty={total === 0} format={(value) => value.toLocaleString()}
        lines={[
          { label: 'all', tone: 'accent', filled: true, points: everySecond(seen.map(({ at, calls: value }) => ({ at, value })), from, to) },
          { label: 'failed', tone: 'err', points: failures === 0 ? [] : everySecond(seen.map(({ at, failed: value }) => ({ at, value })), from, to) },
        ]} />
      <Chart title="Latency" now={last === undefined ? '' : `last: median ${format(last.median)}, ${percentile} of 100 within ${format(last.tail)}`} from={from} to={to} isEmpty={total === 0} format={format} gap={5}
        lines={[
          { label: 'median', tone: 'accent', points: seen.map(({ at, median: value }) => ({ at, value })) },
          { label: `${percentile} of 100`, tone: 'warn', points: seen.map(({ at, tail: value }) => ({ at, value })) },
        ]} />
    </>
  );
}
