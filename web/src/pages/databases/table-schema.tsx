import { ChevronRight, KeyRound } from 'lucide-react';
import type { TableDefinition, Typespace } from '@/platform/databases';

/** Columns, keys and indexes of a table, folded away until asked for. */
export function TableSchema({ table, types, isEvents }: { readonly table: TableDefinition; readonly types: Typespace; readonly isEvents: boolean }) {
  const facts = [
    table.kind === 'view' ? 'A view: computed by the module, read like a table.' : table.isPublic ? 'Public: anybody may read it.' : 'Private: the module and its owner see it.',
    ...(isEvents ? ['Events: rows are told to subscribers and not kept.'] : []),
    ...(table.schedules === null ? [] : [`Each row starts ${table.schedules} at its time.`]),
  ];
  return (
    <details className="group rounded-card border border-line bg-surface">
      <summary className="flex list-none items-center gap-1.5 rounded-card px-3 py-1.5 text-small font-medium text-muted hover:text-fg">
        <ChevronRight size={13} className="transition-transform duration-100 group-open:rotate-90" aria-hidden /> Schema
        <span className="font-normal text-faint">{table.columns.length} columns{table.indexes.length > 0 && `, ${table.indexes.length} ${table.indexes.length === 1 ? 'index' : 'indexes'}`}</span>
      </summary>
      <div className="overflow-x-auto border-t border-line">
        <table className="w-full text-left text-small">
          <tbody className="divide-y divide-line">
            {table.columns.map((column) => (
              <tr key={column.name}>
                <th scope="row" className="px-3 py-1.5 font-medium">{column.name}</th>
                <td className="px-3 font-mono text-meta">{types.words(column.type)}</td>
                <td className="w-full px-3 text-muted">
                  <span className="flex items-center gap-1.5">
                    {column.isKey && <><KeyRound size={11} className="text-accent" aria-hidden /> primary key</>}
                    {column.isUnique && !column.isKey && 'unique'}
                    {column.isCounted && <span>counted by itself</span>}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <div className="border-t border-line px-3 py-2 text-small text-muted">
          <p>{facts.join(' ')}</p>
          {table.indexes.map((index) => (
            <p key={index.name}><code className="font-mono text-meta">{index.name || index.columns.join(', ')}</code>: {index.algorithm} on {index.columns.join(', ')}</p>
          ))}
        </div>
      </div>
    </details>
  );
}
