import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { formatSize } from '@/base/bytes';
import { NamedPage } from '@/pages/named-page';
import { Button } from '@/ui/button';
import { TabRow } from '@/ui/tab-row';
import { Ago } from '@/ui/time';
import { FunctionsTab } from './functions-tab';
import { PublishDialog } from './publish-dialog';
import { rightsQuery, workerQuery, type WorkerAnswer } from './queries';
import { SettingsTab } from './settings-tab';
import { VersionsTab } from './versions-tab';
import { isForPeople, shortDigest } from './words';

const TABS = [
  { id: 'functions', label: 'Functions' },
  { id: 'versions', label: 'Versions' },
  { id: 'settings', label: 'Settings' },
] as const;

/** The page of a route that names the worker in its path. */
export function WorkerRoute() {
  const { name } = useParams({ strict: false });
  return name === undefined ? null : <WorkerPage key={name} name={name} />;
}

function WorkerPage({ name }: { readonly name: string }) {
  const query = useQuery(workerQuery(name));
  return <NamedPage name={name} what="worker" list={{ to: '/workers', label: 'Workers' }} query={query}>{(answer) => <Opened answer={answer} />}</NamedPage>;
}

function Opened({ answer }: { readonly answer: WorkerAnswer }) {
  const { worker, versions } = answer;
  const [isPublishing, setPublishing] = useState(false);
  const search = useSearch({ strict: false });
  const tab = TABS.find(({ id }) => id === search.tab)?.id ?? 'functions';
  const navigate = useNavigate();
  const mayChange = useQuery(rightsQuery(worker.projectId)).data?.mayChange === true;
  return (
    <>
      <header className="mb-4 flex flex-wrap items-start gap-3">
        <div className="min-w-0 grow basis-full sm:basis-0">
          <h1 className="truncate text-page font-semibold tracking-[-0.02em]">{worker.name}</h1>
          {worker.description !== '' && <p className="max-w-2xl">{worker.description}</p>}
          <p className="text-small text-muted"><span className="font-mono" title={worker.digest}>{shortDigest(worker.digest)}</span> · {formatSize(worker.bytes)} · {worker.tabs ? 'runs in tabs too' : 'not in tabs'} · {worker.idempotent ? 'calls may be repeated' : 'each call is made once'} · updated <Ago time={worker.updatedAt} /></p>
        </div>
        {mayChange && <Button onClick={() => setPublishing(true)}>Publish a new version</Button>}
      </header>
      <TabRow label="Parts of the worker" tabs={TABS} current={tab} badges={{ functions: worker.functions.filter(isForPeople).length, versions: versions.length }}
        onChoose={(id) => void navigate({ to: '/workers/$name', params: { name: worker.name }, search: id === 'functions' ? {} : { tab: id }, replace: true })} />
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab}`} className="pt-4">
        {tab === 'functions' && <FunctionsTab worker={worker} />}
        {tab === 'versions' && <VersionsTab answer={answer} mayChange={mayChange} />}
        {tab === 'settings' && <SettingsTab key={worker.updatedAt} worker={worker} mayChange={mayChange} />}
      </div>
      {isPublishing && <PublishDialog name={worker.name} onClose={() => setPublishing(false)} />}
    </>
  );
}
