import { formatSize } from '@/base/bytes';
import { Chart } from '@/ui/chart';
import { useOpenDatabase } from './open-database';
import { everySecond, formatMicros } from '@/ui/series';
import { useSizes } from './use-sizes';

const SPAN = 300;

/** How many calls there are, how long they take, and how much is stored. */
export function ActivityTab() {
  const { name, answer } = useOpenDatabase();
  const { calls, tables, database } = answer;
  const sizes = useSizes(name, answer);
  const to = sizes.now - 1;
  const from = to - SPAN + 1;
  const seen = calls.filter(({ at }) => at >= from && at <= to);
  const total = seen.reduce((sum, { calls: count }) => sum + count, 0);
  const failed = seen.reduce((sum, second) => sum + second.failed, 0);
  const last = seen[seen.length - 1];
  const largest = Math.max(1, ...tables.map(({ bytes }) => bytes));
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Chart title="Calls per second" now={`${total.toLocaleString()} in five minutes${failed > 0 ? `, ${failed.toLocaleString()} failed` : ''}`} from={from} to={to} isEmpty={total === 0} format={(value) => value.toLocaleString()}
        lines={[
          { label: 'all', tone: 'accent', filled: true, points: everySecond(seen.map(({ at, calls: value }) => ({ at, value })), from, to) },
          { label: 'failed', tone: 'err', points: failed === 0 ? [] : everySecond(seen.map(({ at, failed: value }) => ({ at, value })), from, to) },
        ]} />
      <Chart title="Latency" now={last === undefined ? '' : `last: median ${formatMicros(last.median)}, 99 of 100 within ${formatMicros(last.slowest)}`} from={from} to={to} isEmpty={total === 0} format={formatMicros} gap={5}
        lines={[
          { label: 'median', tone: 'accent', points: seen.map(({ at, median: value }) => ({ at, value })) },
          { label: '99th percentile', tone: 'warn', points: seen.map(({ at, slowest: value }) => ({ at, value })) },
        ]} />
      <Chart title="Size" now={`${formatSize(database.bytes)} in memory, since this page was opened`} from={sizes.points[0]?.at ?? from} to={sizes.now} isEmpty={false} format={formatSize}
        lines={[{ label: 'size', tone: 'ok', filled: true, points: sizes.points }]} />
      <section aria-label="Size of the tables" className="rounded-card border border-line bg-surface p-4">
        <h2 className="mb-2 font-medium">Tables</h2>
        <ul className="flex flex-col gap-2">
          {tables.map((table) => (
            <li key={table.name}>
              <div className="flex justify-between gap-3 text-small"><span className="truncate">{table.name}</span><span className="whitespace-nowrap text-muted">{table.rows.toLocaleString()} {table.rows === 1 ? 'row' : 'rows'} · {formatSize(table.bytes)}</span></div>
              <div aria-hidden className="mt-1 h-1 rounded-full bg-hover"><div className="h-full rounded-full bg-accent" style={{ width: `${(table.bytes / largest) * 100}%` }} /></div>
            </li>
          ))}
        </ul>
        <p className="mt-3 text-small text-faint">Transaction {answer.offset.toLocaleString()} · engine {answer.engine}</p>
      </section>
    </div>
  );
}
