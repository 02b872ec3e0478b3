import { useNavigate, useSearch } from '@tanstack/react-router';
import { clsx } from 'clsx';
import { Eye, Lock, RadioTower, Search, Table2 } from 'lucide-react';
import { useState } from 'react';
import { formatSize } from '@/base/bytes';
import type { TableDefinition } from '@/platform/databases';
import { EmptyState, Failure, Loading, StatusDot } from '@/ui/states';
import { useOpenDatabase } from './open-database';
import { RowGrid } from './row-grid';
import { TableSchema } from './table-schema';
import { filterRows, useTableRows } from './table-rows';

/** The tables and views of the module, and the rows of one of them as they are now. */
export function TablesTab() {
  const { name, definition, answer } = useOpenDatabase();
  const { table } = useSearch({ strict: false });
  const navigate = useNavigate();
  const chosen = definition.tables.find((one) => one.name === table) ?? definition.tables[0];
  if (chosen === undefined) return <EmptyState icon={<Table2 size={20} />} title="This module has no tables">Declare one with <code className="font-mono">@table</code> and publish again.</EmptyState>;
  return (
    <div className="grid items-start gap-4 md:grid-cols-[200px_minmax(0,1fr)]">
      <nav aria-label="Tables" className="flex gap-1 overflow-x-auto md:flex-col">
        {definition.tables.map((one) => {
          const size = answer.tables.find(({ name: other }) => other === one.name);
          return (
            <button
              key={one.name}
              type="button"
              aria-current={one === chosen ? 'true' : undefined}
              onClick={() => void navigate({ to: '/databases/$name', params: { name }, search: { table: one.name }, replace: true })}
              className={clsx('flex shrink-0 items-center gap-2 rounded-control px-2.5 py-1.5 text-left', one === chosen ? 'bg-accent-soft font-medium text-accent' : 'text-muted hover:bg-hover hover:text-fg')}
            >
              {one.kind === 'view' ? <Eye size={14} aria-label="View" /> : size?.event === true ? <RadioTower size={14} aria-label="Events" /> : one.isPublic ? <Table2 size={14} aria-hidden /> : <Lock size={14} aria-label="Private" />}
              <span className="min-w-0 flex-1 truncate">{one.name}</span>
              {size?.event === false && <span className="text-small font-normal text-faint">{size.rows.toLocaleString()}</span>}
            </button>
          );
        })}
      </nav>
      <TableView key={chosen.name} table={chosen} />
    </div>
  );
}

function TableView({ table }: { readonly table: TableDefinition }) {
  const { definition, answer } = useOpenDatabase();
  const [filter, setFilter] = useState('');
  const { rows, way, note, failure, version } = useTableRows(table);
  const size = answer.tables.find(({ name }) => name === table.name);
  const isEvents = size?.event === true;
  const word = isEvents ? 'event' : 'row';
  const count = way === 'live' && rows !== null ? rows.length : (size?.rows ?? 0);
  const shown = rows === null ? [] : filterRows(definition.types, table, rows, filter);
  return (
    <section aria-label={`Table ${table.name}`} className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 className="text-section font-semibold">{table.name}</h2>
        <p role="status" className="flex items-center gap-1.5 text-small text-muted">
          <StatusDot tone={failure !== null ? 'warn' : way === 'live' ? 'ok' : 'faint'} />
          {failure !== null ? 'Not connected' : way === 'live' ? (rows === null ? 'Connecting' : 'Live') : 'Read'} · {count.toLocaleString()} {count === 1 ? word : `${word}s`}{isEvents ? ' since this page was opened' : size !== undefined && ` · ${formatSize(size.bytes)}`}
        </p>
        <label className="relative w-full sm:ml-auto sm:w-52">
          <span className="sr-only">Filter the rows</span>
          <Search size={13} className="absolute top-2 left-2.5 text-faint" aria-hidden />
          <input type="search" value={filter} onChange={(event) => setFilter(event.target.value)} placeholder="Filter" className="h-7 w-full rounded-control border border-line-strong bg-surface pr-2 pl-7 text-small placeholder:text-faint" />
        </label>
      </div>
      <TableSchema table={table} types={definition.types} isEvents={isEvents} />
      {note !== null && <p className="text-small text-muted">{note}</p>}
      {failure !== null && <Failure title={way === 'live' ? 'The rows are not live' : 'The rows cannot be read'} detail={failure} />}
      {rows === null && failure === null && <Loading what="the rows" />}
      {rows?.length === 0 && isEvents && <EmptyState icon={<RadioTower size={20} />} title="No events yet">An event table keeps no rows. What reducers put into it is told to subscribers, and appears here as it happens.</EmptyState>}
      {rows?.length === 0 && !isEvents && <EmptyState icon={<Table2 size={20} />} title="No rows yet">Call a reducer that inserts some: they appear here at once.</EmptyState>}
      {rows !== null && rows.length > 0 && shown.length === 0 && <EmptyState icon={<Search size={20} />} title={`No row has “${filter}”`}>All columns are searched.</EmptyState>}
      {shown.length > 0 && <RowGrid types={definition.types} columns={table.columns} rows={shown} label={`Rows of ${table.name}`} version={version} />}
    </section>
  );
}
