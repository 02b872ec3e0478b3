import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { explain } from '@/platform/api';
import { Page } from '@/pages/page-frame';
import { Button } from '@/ui/button';
import { Failure, Loading } from '@/ui/states';
import { TabRow } from '@/ui/tab-row';
import { LendButton } from './lend-button';
import { MatrixTab } from './matrix-tab';
import { PlacesTab } from './places-tab';
import { PublishDialog } from './publish-dialog';
import { workersQuery } from './queries';
import { QueueTab } from './queue-tab';
import { useStatistics } from './use-statistics';
import { WorkerList } from './worker-list';

const TABS = [
  { id: 'workers', label: 'Workers' },
  { id: 'places', label: 'Places' },
  { id: 'queue', label: 'Queue' },
  { id: 'matrix', label: 'Matrix demo' },
] as const;

/** The workers, where they run, what waits, and what spreading work gains. */
export function WorkersPage() {
  const [isPublishing, setPublishing] = useState(false);
  const search = useSearch({ strict: false });
  const tab = TABS.find(({ id }) => id === search.tab)?.id ?? 'workers';
  const navigate = useNavigate();
  const workers = useQuery(workersQuery);
  const { statistics, failure } = useStatistics();
  const list = workers.data?.workers ?? null;
  const needsFigures = tab === 'places' || tab === 'queue';
  const needsWorkers = !needsFigures;
  return (
    <Page
      title="Workers"
      actions={
        <>
          <LendButton />
          <Button look="primary" icon={<Plus size={15} />} onClick={() => setPublishing(true)}>Publish a worker</Button>
        </>
      }
    >
      <TabRow label="Parts of the workers" tabs={TABS} current={tab} badges={{ workers: workers.data?.workers.length ?? 0, places: statistics?.nodes.length ?? 0, queue: (statistics?.queue.waiting ?? 0) + (statistics?.queue.running ?? 0) }}
        onChoose={(id) => void navigate({ to: '/workers', search: id === 'workers' ? {} : { tab: id }, replace: true })} />
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab}`} className="flex flex-col gap-4 pt-4">
        {needsFigures && failure !== null && <Failure title={statistics === null ? 'The figures of the workers could not be loaded' : 'These figures are not the newest'} detail={failure} />}
        {needsWorkers && workers.error && <Failure title="The workers could not be loaded" detail={explain(workers.error)} onRetry={() => void workers.refetch()} />}
        {needsWorkers && list === null && !workers.error && <Loading what="the workers" />}
        {needsFigures && statistics === null && failure === null && <Loading what="the figures" />}
        {tab === 'workers' && list !== null && <WorkerList workers={list} onPublish={() => setPublishing(true)} />}
        {tab === 'places' && statistics !== null && <PlacesTab statistics={statistics} />}
        {tab === 'queue' && statistics !== null && <QueueTab statistics={statistics} />}
        {tab === 'matrix' && list !== null && <MatrixTab workers={list} nodes={statistics?.nodes ?? []} onPublish={() => setPublishing(true)} />}
      </div>
      {isPublishing && <PublishDialog onClose={() => setPublishing(false)} />}
    </Page>
  );
}
