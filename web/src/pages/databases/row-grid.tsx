import { useVirtualizer } from '@tanstack/react-virtual';
import { clsx } from 'clsx';
import { KeyRound } from 'lucide-react';
import { useRef } from 'react';
import { field, showValue, type LiveRow, type SatsElement, type ShownValue, type Typespace } from '@/platform/databases';

interface RowGridProps {
  readonly types: Typespace;
  readonly columns: readonly (SatsElement & { readonly isKey?: boolean })[];
  readonly rows: readonly LiveRow[];
  readonly label: string;
  /** Rows of this change are marked for a moment. */
  readonly version?: number;
}

const ROW = 28;
/** No head of a column asks for more: long types are cut. */
const WIDEST = 220;

/** Rows of values in columns. Only those that are seen are drawn, so that there may be many. */
export function RowGrid({ types, columns, rows, label, version = 0 }: RowGridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 12 });
  const template = columns.map((column) => widthOf(types, column)).join(' ');
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by the keyboard
    <div ref={scroller} tabIndex={0} className="max-h-[60dvh] overflow-auto rounded-card border border-line bg-surface focus-visible:-outline-offset-2">
      <div role="table" aria-label={label} aria-rowcount={rows.length + 1} className="min-w-max">
        <div role="row" aria-rowindex={1} className="sticky top-0 z-[1] grid border-b border-line bg-raised text-small text-muted" style={{ gridTemplateColumns: template }}>
          {columns.map((column) => (
            <div key={column.name} role="columnheader" title={`${column.name}: ${types.words(column.type)}`} className="flex min-w-0 items-center gap-1 px-3 py-1.5 font-medium whitespace-nowrap">
              {column.isKey === true && <KeyRound size={11} aria-label="key" className="text-accent" />}
              {column.name} <span className="truncate font-mono text-meta font-normal">{types.words(column.type)}</span>
            </div>
          ))}
        </div>
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <div
                // a row that changes is drawn anew, so that its mark shows again
                key={`${row.key} ${row.version}`}
                role="row"
                aria-rowindex={item.index + 2}
                className={clsx('absolute top-0 left-0 grid w-full border-b border-line', row.version > 0 && row.version >= version - 50 && (row.change === 'inserted' ? 'row-inserted' : 'row-updated'))}
                style={{ gridTemplateColumns: template, height: ROW, transform: `translateY(${item.start}px)` }}
              >
                {columns.map((column, index) => <Cell key={column.name} shown={showValue(types, column.type, field(row.value, column, index))} />)}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Cell({ shown }: { readonly shown: ShownValue }) {
  return (
    <div
      role="cell"
      title={shown.whole}
      className={clsx('truncate px-3 py-1 text-small leading-5', {
        'text-right': shown.look === 'number',
        'font-mono text-meta leading-5': shown.look === 'code',
        'text-faint': shown.look === 'absent',
      })}
    >
      {shown.text === '' ? ' ' : shown.text}
    </div>
  );
}

/** Texts take what is left; numbers and the like need little. */
function widthOf(types: Typespace, column: SatsElement): string {
  const words = types.words(column.type);
  const least = Math.min(WIDEST, Math.max(90, 24 + 7 * (column.name.length + words.length)));
  if (words.startsWith('string') || words.length > 14) return `minmax(${Math.max(160, least)}px, 3fr)`;
  return `minmax(${Math.max(least, words.startsWith('Timestamp') ? 190 : 0)}px, 1fr)`;
}
