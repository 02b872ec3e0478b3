import { GitCommitVertical } from 'lucide-react';
import { EmptyState } from '@/ui/states';
import { Ago } from '@/ui/time';
import { useOpenDatabase } from './open-database';

const words = { created: 'Made', updated: 'New module', reset: 'Begun anew', restored: 'Restored from a backup' } as const;

/** What was published, newest first, and what it did to the tables. */
export function MigrationsTab() {
  const { publications } = useOpenDatabase().answer;
  if (publications.length === 0) return <EmptyState icon={<GitCommitVertical size={20} />} title="No publication is recorded">The next one is listed here with its plan.</EmptyState>;
  return (
    <ol className="divide-y divide-line rounded-card border border-line bg-surface">
      {publications.map((one, index) => (
        <li key={`${one.at} ${one.program}`} className="px-4 py-3">
          <p className="flex flex-wrap items-center gap-x-2">
            <span className="font-medium">{words[one.kind]}</span>
            {index === 0 && <span className="rounded-row bg-ok-soft px-1.5 text-small text-ok">runs now</span>}
            <span className="text-small text-muted"><Ago time={one.at} /> by <code className="font-mono text-meta" title={one.sender}>{one.sender.slice(0, 10)}…</code>, module <code className="font-mono text-meta" title={one.program}>{one.program.slice(0, 12)}</code></span>
          </p>
          {one.plan.trim() !== '' && <pre className="mt-2 overflow-x-auto rounded-control bg-bg p-2 font-mono text-small whitespace-pre-wrap text-muted">{one.plan.trim()}</pre>}
        </li>
      ))}
    </ol>
  );
}
