import { History, Play } from 'lucide-react';
import { useRef, useState } from 'react';
import { explain } from '@/platform/api';
import { DatabaseRefusal, type SqlResult } from '@/platform/databases';
import { Button } from '@/ui/button';
import { Menu } from '@/ui/menu';
import { useOpenDatabase } from './open-database';
import { RowGrid } from './row-grid';
import { addStatement, readHistory, type Refused, markOf } from './sql-history';

/** One statement at a time, what it answers, and the statements before it. */
export function SqlTab() {
  const { name, client, definition } = useOpenDatabase();
  const first = definition.tables[0]?.name;
  const [statement, setStatement] = useState(() => readHistory(localStorage, name)[0] ?? (first === undefined ? '' : `SELECT * FROM ${first}`));
  const [history, setHistory] = useState(() => readHistory(localStorage, name));
  const [result, setResult] = useState<SqlResult | null>(null);
  const [refused, setRefused] = useState<Refused | null>(null);
  const [isBusy, setBusy] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const run = async () => {
    if (statement.trim() === '' || isBusy) return;
    setBusy(true);
    setHistory(addStatement(localStorage, name, statement));
    try {
      setResult(await client.sql(statement));
      setRefused(null);
    } catch (error) {
      setResult(null);
      setRefused({ text: explain(error), statement, position: error instanceof DatabaseRefusal ? error.position : null });
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="flex flex-col gap-3">
      <form
        className="flex flex-col gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <label className="sr-only" htmlFor="sql-statement">SQL statement</label>
        <textarea
          id="sql-statement"
          ref={area}
          value={statement}
          rows={Math.min(12, Math.max(3, statement.split('\n').length))}
          spellCheck={false}
          onChange={(event) => setStatement(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            void run();
          }}
          className="w-full resize-y rounded-card border border-line-strong bg-surface p-3 font-mono text-body focus-visible:outline-offset-0"
        />
        <div className="flex flex-wrap items-center gap-2">
          <Button look="primary" type="submit" busy={isBusy} disabled={statement.trim() === ''} icon={<Play size={13} aria-hidden />} title="Ctrl+Enter">Run</Button>
          <Menu
            label="Earlier statements"
            items={history.slice(0, 15).map((earlier) => ({ label: earlier.replace(/\s+/g, ' ').slice(0, 70), onSelect: () => setStatement(earlier) }))}
            button={(properties) => <Button {...properties} disabled={history.length === 0} icon={<History size={13} aria-hidden />}>History</Button>}
          />
          <span className="text-small text-faint">SELECT with joins, COUNT(*) AS n and LIMIT; INSERT, UPDATE and DELETE for members of the project. Ctrl+Enter runs it.</span>
        </div>
      </form>
      {refused !== null && <RefusedStatement refused={refused} onShow={(at) => { area.current?.focus(); area.current?.setSelectionRange(at, at + 1); }} />}
      {result !== null && <Answer result={result} />}
    </div>
  );
}

function Answer({ result }: { readonly result: SqlResult }) {
  const { definition } = useOpenDatabase();
  const took = `${(result.micros / 1000).toFixed(result.micros < 10_000 ? 2 : 0)} ms`;
  const changed = [[result.inserted, 'inserted'], [result.updated, 'updated'], [result.deleted, 'deleted']].filter(([count]) => count !== 0).map(([count, word]) => `${count} ${word}`);
  const rows = result.rows.map((value, index) => ({ key: String(index), value, change: 'inserted' as const, version: 0 }));
  return (
    <section aria-label="Result" className="flex flex-col gap-2">
      <p role="status" className="text-small text-muted">{result.columns.length > 0 ? `${rows.length.toLocaleString()} ${rows.length === 1 ? 'row' : 'rows'}` : changed.length > 0 ? changed.join(', ') : 'Done, nothing changed'} in {took}</p>
      {rows.length > 0 && <RowGrid types={definition.types} columns={result.columns} rows={rows} label="Rows of the result" />}
    </section>
  );
}

/** The refusal, and the statement with a mark at the place of the mistake. */
function RefusedStatement({ refused, onShow }: { readonly refused: Refused; readonly onShow: (at: number) => void }) {
  const mark = markOf(refused);
  return (
    <div role="alert" className="rounded-card border border-line-strong bg-err-soft px-4 py-3">
      <p className="font-medium break-words">{refused.text}</p>
      {mark !== null && (
        <>
          <pre className="mt-2 overflow-x-auto font-mono text-small">{mark.line}{'\n'}<span className="text-err">{`${' '.repeat(mark.column - 1)}^`}</span></pre>
          <button type="button" className="mt-1 text-small text-accent hover:underline" onClick={() => onShow(mark.at)}>Go to line {mark.number}, column {mark.column}</button>
        </>
      )}
    </div>
  );
}
