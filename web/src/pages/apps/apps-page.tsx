import { useQuery } from '@tanstack/react-query';
import { Rocket } from 'lucide-react';
import { api, data, explain } from '@/platform/api';
import { Page } from '@/pages/page-frame';
import { EmptyState, Failure, Loading } from '@/ui/states';
import { AppRow } from './app-row';

/** The published apps of all projects. */
export function AppsPage() {
  const { data: list, error, refetch } = useQuery({ queryKey: ['apps'], queryFn: () => data(api.GET('/api/apps')) });
  return (
    <Page title="Apps">
      {error && <Failure title="The apps could not be loaded" detail={explain(error)} onRetry={() => void refetch()} />}
      {!list && !error && <Loading what="the apps" />}
      {list?.apps.length === 0 && (
        <EmptyState icon={<Rocket size={20} />} title="Nothing is published yet">
          Open a workspace and choose Publish: static files and Flask or FastAPI apps get a URL of their own in seconds.
        </EmptyState>
      )}
      {list && list.apps.length > 0 && (
        <ul className="divide-y divide-line rounded-card border border-line bg-surface">
          {list.apps.map((app) => (
            <AppRow key={app.name} app={app} />
          ))}
        </ul>
      )}
    </Page>
  );
}
