import { useVirtualizer } from '@tanstack/react-virtual';
import { clsx } from 'clsx';
import { ArrowDown, ScrollText, Search } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { LOG_LEVELS, type LogLevel, type LogLine } from '@/platform/databases';
import { Button } from '@/ui/button';
import { EmptyState, Failure, Loading, StatusDot } from '@/ui/states';
import { useLog } from './use-log';

const tones: Readonly<Record<LogLevel, string>> = { Panic: 'text-err', Error: 'text-err', Warn: 'text-warn', Info: 'text-accent', Debug: 'text-faint', Trace: 'text-faint' };

/** The log of the module, with the lines that come. */
export function LogsTab() {
  const { lines, failure, isFollowing, retry } = useLog();
  const [hidden, setHidden] = useState<ReadonlySet<LogLevel>>(new Set());
  const [filter, setFilter] = useState('');
  const wanted = filter.trim().toLowerCase();
  const shown = lines?.filter((line) => !hidden.has(line.level) && `${line.message} ${line.place ?? ''} ${line.source}`.toLowerCase().includes(wanted)) ?? [];
  const toggle = (level: LogLevel) => setHidden(hidden.has(level) ? new Set([...hidden].filter((other) => other !== level)) : new Set([...hidden, level]));
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <div role="group" aria-label="Levels" className="flex flex-wrap gap-1">
          {LOG_LEVELS.map((level) => (
            <button key={level} type="button" aria-pressed={!hidden.has(level)} onClick={() => toggle(level)}
              className={clsx('h-7 rounded-control border px-2 text-small', hidden.has(level) ? 'border-line text-faint line-through' : `border-line-strong bg-raised ${tones[level]}`)}>{level}</button>
          ))}
        </div>
        <label className="relative w-full sm:w-60">
          <span className="sr-only">Filter the log</span>
          <Search size={13} className="absolute top-2 left-2.5 text-faint" aria-hidden />
          <input type="search" value={filter} onChange={(event) => setFilter(event.target.value)} placeholder="Filter" className="h-7 w-full rounded-control border border-line-strong bg-surface pr-2 pl-7 text-small placeholder:text-faint" />
        </label>
        <p role="status" className="flex items-center gap-1.5 text-small text-muted sm:ml-auto"><StatusDot tone={isFollowing ? 'ok' : 'warn'} /> {isFollowing ? 'Following' : 'Not connected'} · {shown.length.toLocaleString()} {shown.length === 1 ? 'line' : 'lines'}</p>
      </div>
      {failure !== null && <Failure title="The log cannot be followed" detail={failure} onRetry={retry} />}
      {lines === null && failure === null && <Loading what="the log" />}
      {lines?.length === 0 && <EmptyState icon={<ScrollText size={20} />} title="Nothing was logged yet">Write <code className="font-mono">ctx.log("…")</code> in a reducer; tracebacks of failures come here too.</EmptyState>}
      {lines !== null && lines.length > 0 && shown.length === 0 && <EmptyState icon={<Search size={20} />} title="No line passes the filter">Choose more levels, or clear the text.</EmptyState>}
      {shown.length > 0 && <LineList lines={shown} />}
    </div>
  );
}

/** The lines; at the end it stays there when more come. */
function LineList({ lines }: { readonly lines: readonly LogLine[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => 22, overscan: 20, getItemKey: (index) => lines[index]?.number ?? index });
  const size = virtual.getTotalSize();
  useLayoutEffect(() => {
    if (isAtEnd && scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [isAtEnd, lines, size]);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => setAtEnd(element.scrollHeight - element.scrollTop - element.clientHeight < 30);
    element.addEventListener('scroll', look, { passive: true });
    return () => element.removeEventListener('scroll', look);
  }, []);
  return (
    <div className="relative">
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by the keyboard */}
      <div ref={scroller} role="log" aria-label="Log" tabIndex={0} className="h-[60dvh] overflow-auto rounded-card border border-line bg-surface font-mono text-meta focus-visible:-outline-offset-2">
        <div className="relative min-w-max" style={{ height: size }}>
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index];
            return line === undefined ? null : (
              <div key={item.key} ref={virtual.measureElement} data-index={item.index} className="absolute top-0 left-0 flex w-full gap-3 px-3 py-0.5 hover:bg-hover" style={{ transform: `translateY(${item.start}px)` }}>
                <span className="shrink-0 text-faint">{timeOf(line.micros)}</span>
                <span className={clsx('w-10 shrink-0', tones[line.level])}>{line.level}</span>
                <span className="w-24 shrink-0 truncate sm:w-36 text-muted" title={[line.source, line.place].filter(Boolean).join(' · ')}>{line.place ?? line.source}</span>
                <span className="whitespace-pre">{line.message}{line.trace.map((name) => `\n  in ${name}`).join('')}</span>
              </div>
            );
          })}
        </div>
      </div>
      {!isAtEnd && <Button small className="absolute right-4 bottom-3" icon={<ArrowDown size={13} />} onClick={() => setAtEnd(true)}>Newest</Button>}
    </div>
  );
}

function timeOf(micros: number): string {
  const date = new Date(micros / 1000);
  const day = date.toDateString() === new Date().toDateString() ? '' : `${date.toLocaleDateString('sv')} `;
  return `${day}${date.toLocaleTimeString('sv')}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
