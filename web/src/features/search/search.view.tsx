import { CaseSensitive, Regex, WholeWord } from 'lucide-react';
import { clsx } from 'clsx';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { nameOf } from '@/base/paths';
import { EditorTabs } from '@/platform/editors';
import { WorkspaceFiles } from '@/platform/files';
import { ValueStore } from '@/base/store';
import { useValue } from '@/ui/use-value';
import { FileIcon } from '@/workbench/file-icon';
import { SideHeader } from '@/workbench/side-area';
import { useService } from '@/workbench/workbench-context';
import { noResult, searchFiles, type SearchHit, type SearchQuery, type SearchResult } from './search-service';

/** Kept while the side bar shows something else. */
export const searchQuery = new ValueStore<SearchQuery>({ text: '', isCaseSensitive: false, isWholeWord: false, isRegex: false });

type Line = { readonly kind: 'file'; readonly path: string; readonly count: number } | { readonly kind: 'hit'; readonly path: string; readonly hit: SearchHit };

export function SearchView() {
  const files = useService(WorkspaceFiles);
  const query = useValue(searchQuery);
  const [result, setResult] = useState<SearchResult>(noResult);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(() => {
      void searchFiles(files, query).then((found) => {
        if (isCurrent) setResult(found);
      });
    }, 200);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [files, query]);
  const toggle = (key: 'isCaseSensitive' | 'isWholeWord' | 'isRegex', label: string, Icon: typeof Regex) => (
    <button type="button" aria-label={label} title={label} aria-pressed={query[key]} onClick={() => searchQuery.set({ ...query, [key]: !query[key] })} className={clsx('flex size-6 items-center justify-center rounded-row', query[key] ? 'bg-accent-soft text-accent' : 'text-faint hover:bg-hover hover:text-fg')}>
      <Icon size={14} />
    </button>
  );
  return (
    <>
      <SideHeader title="Search" />
      <div className="px-3 pb-2">
        <div className="flex items-center rounded-control border border-line-strong bg-surface pr-1 focus-within:outline-2 focus-within:outline-accent">
          <input
            ref={input}
            aria-label="Find in files"
            placeholder="Find in files"
            value={query.text}
            spellCheck={false}
            onChange={(event) => searchQuery.set({ ...query, text: event.target.value })}
            className="h-7 min-w-0 flex-1 bg-transparent px-2 focus-visible:outline-0"
          />
          {toggle('isCaseSensitive', 'Match case', CaseSensitive)}
          {toggle('isWholeWord', 'Whole word', WholeWord)}
          {toggle('isRegex', 'Regular expression', Regex)}
        </div>
        <p role="status" className={clsx('mt-1.5 text-small', result.problem === null ? 'text-faint' : 'text-err')}>{summary(query, result)}</p>
      </div>
      <Hits result={result} />
    </>
  );
}

function summary(query: SearchQuery, result: SearchResult): string {
  if (result.problem !== null) return result.problem;
  if (query.text === '') return 'Searches all text files of this workspace.';
  if (result.hits === 0) return 'Nothing found.';
  return `${result.isCut ? 'The first ' : ''}${result.hits} ${result.hits === 1 ? 'hit' : 'hits'} in ${result.files.length} ${result.files.length === 1 ? 'file' : 'files'}`;
}

function Hits({ result }: { readonly result: SearchResult }) {
  const tabs = useService(EditorTabs);
  const scroller = useRef<HTMLDivElement>(null);
  const lines: Line[] = result.files.flatMap(({ path, hits }): Line[] => [{ kind: 'file', path, count: hits.length }, ...hits.map((hit) => ({ kind: 'hit' as const, path, hit }))]);
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => 24, overscan: 10 });
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-auto">
      <ul aria-label="Hits" className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index];
          if (line === undefined) return null;
          return (
            <li key={item.key} className="absolute inset-x-0 flex h-6" style={{ top: item.start }}>
              {line.kind === 'file' ? (
                <p className="flex min-w-0 flex-1 items-center gap-1.5 px-3 font-medium"><FileIcon name={nameOf(line.path)} /><span className="truncate">{line.path}</span><span className="text-meta text-faint">{line.count}</span></p>
              ) : (
                <button
                  type="button"
                  title={`Line ${line.hit.line}`}
                  className="min-w-0 flex-1 truncate px-3 pl-8 text-left text-small text-muted hover:bg-hover focus-visible:-outline-offset-2"
                  onClick={() => tabs.show(line.path, { preview: true, place: { line: line.hit.line, column: line.hit.column }, end: { line: line.hit.line, column: line.hit.endColumn } })}
                >
                  {line.hit.before}<mark className="rounded-row bg-warn-soft text-fg">{line.hit.match}</mark>{line.hit.after}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

