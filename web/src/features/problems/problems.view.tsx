import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { nameOf } from '@/base/paths';
import { CommandService } from '@/platform/commands/commands';
import { EditorTabs } from '@/platform/editors';
import { ProblemService, type Problem, type Severity } from '@/platform/problems';
import { useValue } from '@/ui/use-value';
import { FileIcon } from '@/workbench/file-icon';
import { useService } from '@/workbench/workbench-context';

const icons: Record<Severity, { icon: typeof Info; tone: string }> = {
  error: { icon: CircleAlert, tone: 'text-err' },
  warning: { icon: TriangleAlert, tone: 'text-warn' },
  info: { icon: Info, tone: 'text-accent' },
  hint: { icon: Info, tone: 'text-faint' },
};

type Line = { readonly kind: 'file'; readonly path: string; readonly count: number } | { readonly kind: 'problem'; readonly problem: Problem };

/** What the checkers found, by file; a click goes to the place. */
export function ProblemsView() {
  const problems = useValue(useService(ProblemService).all);
  const scroller = useRef<HTMLDivElement>(null);
  const lines: Line[] = [];
  for (const [path, found] of Map.groupBy(problems, (problem) => problem.path)) {
    lines.push({ kind: 'file', path, count: found.length });
    for (const problem of found) lines.push({ kind: 'problem', problem });
  }
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => 24, overscan: 10 });
  if (problems.length === 0) {
    return <p className="flex h-full items-center justify-center gap-2 text-muted"><CircleCheck size={15} aria-hidden className="text-ok" /> No problems found in the files that were checked.</p>;
  }
  return (
    <div ref={scroller} className="h-full overflow-auto py-1">
      <ul aria-label="Problems" className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index];
          return line === undefined ? null : (
            <li key={item.key} className="absolute inset-x-0" style={{ top: item.start, height: 24 }}>
              {line.kind === 'file' ? <FileLine path={line.path} count={line.count} /> : <ProblemLine problem={line.problem} />}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function FileLine({ path, count }: { readonly path: string; readonly count: number }) {
  return (
    <p className="flex h-6 items-center gap-2 px-3 font-medium">
      <FileIcon name={nameOf(path)} /> {path} <span className="rounded-full bg-hover px-1.5 text-meta text-muted">{count}</span>
    </p>
  );
}

function ProblemLine({ problem }: { readonly problem: Problem }) {
  const tabs = useService(EditorTabs);
  const commands = useService(CommandService);
  const { icon: Icon, tone } = icons[problem.severity];
  const missing = problem.code?.startsWith('install:') === true ? problem.code.slice('install:'.length) : null;
  return (
    <div className="flex h-6 items-center pr-3 hover:bg-hover">
      <button
        type="button"
        className="flex min-w-0 flex-1 items-center gap-2 pl-7 text-left focus-visible:-outline-offset-2"
        onClick={() => tabs.show(problem.path, { place: { line: problem.line, column: problem.column }, end: { line: problem.endLine, column: problem.endColumn } })}
      >
        <Icon size={13} aria-label={problem.severity} className={`shrink-0 ${tone}`} />
        <span className="truncate" title={problem.message}>{problem.message.split('\n')[0]}</span>
        <span className="shrink-0 text-meta text-faint">{problem.source}{problem.code !== null && missing === null && ` ${problem.code}`}</span>
        <span className="ml-auto shrink-0 pl-2 text-meta text-faint">Line {problem.line}, column {problem.column}</span>
      </button>
      {missing !== null && <button type="button" className="ml-3 shrink-0 rounded-row px-1.5 text-small text-accent hover:underline" onClick={() => commands.run('packages.install', [missing])}>Install {missing}</button>}
    </div>
  );
}
