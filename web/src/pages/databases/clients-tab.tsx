import { useQuery } from '@tanstack/react-query';
import { Users } from 'lucide-react';
import { databasePass } from '@/platform/databases';
import { EmptyState } from '@/ui/states';
import { useOpenDatabase } from './open-database';

/** Who is connected now. */
export function ClientsTab() {
  const { answer } = useOpenDatabase();
  const me = useQuery({ queryKey: ['databases-identity'], queryFn: () => databasePass.identity(), staleTime: Infinity });
  if (answer.clients.length === 0) {
    return (
      <EmptyState icon={<Users size={20} />} title="Nobody is connected">
        Clients connect over a WebSocket with an official SDK; <code className="font-mono">./cloche db generate</code> writes their bindings. While this page shows a table, it is a client too.
      </EmptyState>
    );
  }
  return (
    <div className="overflow-x-auto rounded-card border border-line bg-surface">
      <table className="w-full text-left text-small">
        <thead className="text-muted"><tr><th className="px-4 py-2 font-medium">Identity</th><th className="px-4 font-medium">Connection</th></tr></thead>
        <tbody className="divide-y divide-line border-t border-line font-mono text-meta">
          {answer.clients.map(({ identity, connection }) => (
            <tr key={connection}>
              <td className="px-4 py-1.5"><span title={identity}>{identity.slice(0, 20)}…</span>{identity === me.data && <span className="ml-2 font-sans text-small text-accent">you</span>}{identity === answer.database.owner && <span className="ml-2 font-sans text-small text-muted">owner</span>}</td>
              <td className="px-4">{connection}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
