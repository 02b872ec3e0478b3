import { formatSize } from '@/base/bytes';
import { CallCharts } from '@/ui/call-charts';
import { Chart } from '@/ui/chart';
import { useOpenDatabase } from './open-database';
import { formatMicros } from '@/ui/series';
import { useSizes } from './use-sizes';

/** How many calls there are, how long they take, and how much is stored. */
export function ActivityTab() {
  const { name, answer } = useOpenDatabase();
  const { calls, tables, database } = answer;
  const sizes = useSizes(name, answer);
  const largest = Math.max(1, ...tables.map(({ bytes }) => bytes));
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <CallCharts seconds={calls.map(({ slowest: tail, ...second }) => ({ ...second, tail }))} to={sizes.now - 1} percentile={99} format={formatMicros} />
      <Chart title="Size" now={`${formatSize(database.bytes)} in memory, since this page was opened`} from={sizes.points[0]?.at ?? sizes.now} to={sizes.now} isEmpty={false} format={formatSize}
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
