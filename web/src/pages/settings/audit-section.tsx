import { useInfiniteQuery } from '@tanstack/react-query';
import { api, data, explain } from '@/platform/api';
import { Button } from '@/ui/button';
import { Failure, Loading } from '@/ui/states';
import { Section } from './section';

const PAGE = 50;

/** Sign-ins and administration, newest first. */
export function AuditSection() {
  const { data: pages, error, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: ({ pageParam }) => data(api.GET('/api/audit', { params: { query: { limit: PAGE, ...(pageParam !== null && { before: pageParam }) } } })),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => (last.events.length < PAGE ? undefined : (last.events[last.events.length - 1]?.id ?? undefined)),
  });
  const events = pages?.pages.flatMap((page) => page.events) ?? [];
  return (
    <Section title="Audit log" text="Who signed in and who administered what.">
      {error && <Failure title="The audit log could not be loaded" detail={explain(error)} />}
      {!pages && !error && <Loading what="the audit log" />}
      {pages && (
        <div className="overflow-x-auto rounded-card border border-line bg-surface">
          <table className="w-full text-left text-small">
            <thead className="text-muted">
              <tr>
                {['Time', 'Who', 'Action', 'Target', 'Outcome', 'From'].map((title) => (
                  <th key={title} className="px-3 py-2 font-medium whitespace-nowrap">{title}</th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y divide-line border-t border-line">
              {events.map((event) => (
                <tr key={event.id}>
                  <td className="px-3 py-1.5 whitespace-nowrap text-muted">{new Date(event.at).toLocaleString()}</td>
                  <td className="px-3">{event.actor ?? 'nobody'}</td>
                  <td className="px-3">{event.action}</td>
                  <td className="max-w-60 truncate px-3" title={event.target}>{event.target}</td>
                  <td className={event.outcome === 'ok' ? 'px-3 text-muted' : 'px-3 text-err'}>{event.outcome}</td>
                  <td className="px-3 font-mono text-meta text-faint">{event.address}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {hasNextPage && <div className="mt-3"><Button small busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>Show older</Button></div>}
    </Section>
  );
}
