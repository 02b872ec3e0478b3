import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { formatSize } from '@/base/bytes';
import { NamedPage } from '@/pages/named-page';
import { explain } from '@/platform/api';
import { DatabaseClient, DatabaseSocket } from '@/platform/databases';
import { Failure, Loading, StatusDot } from '@/ui/states';
import { TabRow } from '@/ui/tab-row';
import { Ago } from '@/ui/time';
import { ActivityTab } from './activity-tab';
import { ClientsTab } from './clients-tab';
import { DatabaseActions } from './database-actions';
import { LogsTab } from './logs-tab';
import { MigrationsTab } from './migrations-tab';
import { OpenDatabaseContext } from './open-database';
import { databaseQuery, rightsQuery, type DatabaseAnswer } from './queries';
import { ReducersTab } from './reducers-tab';
import { SqlTab } from './sql-tab';
import { TablesTab } from './tables-tab';
import { isTab, TABS, type TabId } from './tabs';

const panels: Readonly<Record<TabId, () => React.ReactNode>> = {
  tables: TablesTab,
  reducers: ReducersTab,
  sql: SqlTab,
  logs: LogsTab,
  clients: ClientsTab,
  activity: ActivityTab,
  migrations: MigrationsTab,
};

/** The page of a route that names the database in its path. */
export function DatabaseRoute() {
  const { name } = useParams({ strict: false });
  return name === undefined ? null : <DatabasePage key={name} name={name} />;
}

function DatabasePage({ name }: { readonly name: string }) {
  const query = useQuery(databaseQuery(name));
  return <NamedPage name={name} what="database" list={{ to: '/databases', label: 'Databases' }} query={query}>{(answer) => <Opened name={name} answer={answer} isStale={query.error !== null} />}</NamedPage>;
}

function Opened({ name, answer, isStale }: { readonly name: string; readonly answer: DatabaseAnswer; readonly isStale: boolean }) {
  const { database } = answer;
  const search = useSearch({ strict: false });
  const tab = isTab(search.tab) ? search.tab : 'tables';
  const navigate = useNavigate();
  const rights = useQuery(rightsQuery(database.projectId));
  const connection = useConnection(name);
  const program = answer.publications[0]?.program ?? '';
  const definition = useQuery({ queryKey: ['databases', name, 'definition', program], queryFn: () => new DatabaseClient(name).definition(), staleTime: Infinity, placeholderData: (last) => last });
  const Panel = panels[tab];
  const mayChange = rights.data?.mayChange === true;
  return (
    <>
      <header className="mb-4 flex flex-wrap items-start gap-3">
        <div className="min-w-0 grow basis-full sm:basis-0">
          <h1 className="truncate text-page font-semibold tracking-[-0.02em]">{name}</h1>
          <p className="flex flex-wrap items-center gap-x-1.5 text-small text-muted">
            <StatusDot tone={isStale ? 'warn' : 'ok'} /> {isStale ? 'Does not answer' : 'Running'} · {database.rows.toLocaleString()} {database.rows === 1 ? 'row' : 'rows'} · {formatSize(database.bytes)} · {database.clients} {database.clients === 1 ? 'client' : 'clients'} · updated <Ago time={database.updatedAt} />
          </p>
        </div>
        {mayChange && <DatabaseActions name={name} answer={answer} />}
      </header>
      <TabRow label="Parts of the database" tabs={TABS} current={tab} badges={{ tables: definition.data?.tables.length ?? 0, clients: database.clients }}
        onChoose={(id) => void navigate({ to: '/databases/$name', params: { name }, search: id === 'tables' ? {} : { tab: id }, replace: true })} />
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab}`} className="pt-4">
        {definition.error && <Failure title="The schema could not be loaded" detail={explain(definition.error)} onRetry={() => void definition.refetch()} />}
        {!definition.data && !definition.error && <Loading what="the schema" />}
        {definition.data && connection && (
          <OpenDatabaseContext value={{ name, ...connection, definition: definition.data, answer, mayChange }}>
            <Panel />
          </OpenDatabaseContext>
        )}
      </div>
    </>
  );
}

/** The client and the one socket of the page; it connects when the first table is watched. */
function useConnection(name: string): { readonly client: DatabaseClient; readonly socket: DatabaseSocket } | null {
  const [connection, setConnection] = useState<{ readonly client: DatabaseClient; readonly socket: DatabaseSocket } | null>(null);
  useEffect(() => {
    const client = new DatabaseClient(name);
    const socket = new DatabaseSocket(() => client.socketAddress());
    setConnection({ client, socket });
    return () => socket.dispose();
  }, [name]);
  return connection;
}
