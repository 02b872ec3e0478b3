import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { clsx } from 'clsx';
import { Database as DatabaseIcon, Plus, Search } from 'lucide-react';
import { useState } from 'react';
import { formatSize } from '@/base/bytes';
import { explain } from '@/platform/api';
import { Page } from '@/pages/page-frame';
import { Button } from '@/ui/button';
import { EmptyState, Failure, Loading, StatusDot } from '@/ui/states';
import { Ago } from '@/ui/time';
import { CopyButton } from '@/pages/copy-button';
import { EXAMPLE, PUBLISH_COMMAND } from './example';
import { PublishDialog } from './publish-dialog';
import { databasesQuery, matches, type Database } from './queries';

/** The live databases of all projects. */
export function DatabasesPage() {
  const [search, setSearch] = useState('');
  const [publishing, setPublishing] = useState(false);
  const { data: list, error, refetch } = useQuery(databasesQuery);
  const shown = list?.databases.filter((database) => matches(database, search)) ?? [];
  return (
    <Page
      title="Databases"
      actions={
        <>
          <label className="relative order-last w-full sm:order-none sm:w-56">
            <span className="sr-only">Search databases</span>
            <Search size={14} className="absolute top-2.5 left-2.5 text-faint" aria-hidden />
            <input type="search" value={search} onChange={(event) => setSearch(event.target.value)} placeholder="Search"
              className="h-8 w-full rounded-control border border-line-strong bg-surface pr-2 pl-8 placeholder:text-faint" />
          </label>
          <Button look="primary" icon={<Plus size={15} />} onClick={() => setPublishing(true)}>Publish a module</Button>
        </>
      }
    >
      {error && <Failure title="The databases could not be loaded" detail={explain(error)} onRetry={() => void refetch()} />}
      {!list && !error && <Loading what="the databases" />}
      {list?.databases.length === 0 && <FirstDatabase />}
      {list && list.databases.length > 0 && shown.length === 0 && (
        <EmptyState icon={<Search size={20} />} title={`Nothing matches “${search}”`} action={<Button onClick={() => setSearch('')}>Clear the search</Button>}>Names and identities are searched.</EmptyState>
      )}
      {shown.length > 0 && <DatabaseTable databases={shown} />}
      {list && list.databases.length > 0 && (
        <p className="mt-3 text-small text-muted">
          All databases of this server together: tables {formatSize(list.memory.tables)} of {formatSize(list.memory.mostTables)}, modules {formatSize(list.memory.modules)} of {formatSize(list.memory.mostModules)}.
        </p>
      )}
      {publishing && <PublishDialog onClose={() => setPublishing(false)} />}
    </Page>
  );
}

function DatabaseTable({ databases }: { readonly databases: readonly Database[] }) {
  return (
    <div className="overflow-x-auto rounded-card border border-line bg-surface">
      <table className="w-full text-left">
        <thead className="text-small text-muted">
          <tr>
            <th className="px-3 sm:px-4 py-2 font-medium">Name</th>
            <th className="px-3 sm:px-4 text-right font-medium">Rows</th>
            <th className="hidden px-3 sm:px-4 text-right font-medium sm:table-cell">Size</th>
            <th className="hidden px-3 sm:px-4 text-right font-medium sm:table-cell">Clients</th>
            <th className="px-3 sm:px-4 font-medium">Updated</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line border-t border-line">
          {databases.map((database) => (
            <tr key={database.identity} className="relative hover:bg-hover">
              <td className="px-3 sm:px-4 py-2.5">
                <Link to="/databases/$name" params={{ name: database.name }} className="block max-w-36 sm:max-w-72 truncate font-medium after:absolute after:inset-0">{database.name}</Link>
                <span className="flex items-center gap-1.5 text-small whitespace-nowrap text-muted"><StatusDot tone={database.running ? 'ok' : 'faint'} /> <span>{database.running ? 'Running' : <>Asleep<span className="hidden sm:inline">: wakes with its first use</span></>}</span></span>
              </td>
              {database.running
                ? <><Figure>{database.rows.toLocaleString()}</Figure><Figure isExtra>{formatSize(database.bytes)}</Figure><Figure isExtra>{database.clients}</Figure></>
                : <><Figure>–</Figure><Figure isExtra>–</Figure><Figure isExtra>0</Figure></>}
              <td className="px-3 sm:px-4 whitespace-nowrap text-muted"><Ago time={database.updatedAt} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A number of a database; what is extra goes where the window is narrow. */
function Figure({ children, isExtra = false }: { readonly children: React.ReactNode; readonly isExtra?: boolean }) {
  return <td className={clsx('px-3 sm:px-4 text-right whitespace-nowrap', isExtra && 'hidden sm:table-cell')}>{children}</td>;
}

function FirstDatabase() {
  return (
    <div className="rounded-card border border-dashed border-line-strong p-6">
      <div className="flex items-start gap-4">
        <div className="flex size-10 shrink-0 items-center justify-center rounded-card bg-accent-soft text-accent"><DatabaseIcon size={20} /></div>
        <div className="min-w-0 flex-1">
          <p className="text-card font-semibold">No database yet</p>
          <p className="mt-1 max-w-2xl text-muted">
            A database is tables and the Python functions that change them; clients hear of every change. Save this as <code className="font-mono text-small">chat.py</code> and
            publish it - here, with <em>Publish database</em> in a workspace, or by the command.
          </p>
          <Snippet label="chat.py" text={EXAMPLE} />
          <Snippet label="Command" text={PUBLISH_COMMAND} />
        </div>
      </div>
    </div>
  );
}

function Snippet({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <figure className="mt-4 overflow-hidden rounded-card border border-line bg-surface">
      <figcaption className="flex items-center justify-between border-b border-line px-3 py-1.5 text-small text-muted">{label}<CopyButton text={text} label={`Copy ${label === 'Command' ? 'the command' : label}`} /></figcaption>
      <pre className="overflow-x-auto p-3 font-mono text-small">{text}</pre>
    </figure>
  );
}
