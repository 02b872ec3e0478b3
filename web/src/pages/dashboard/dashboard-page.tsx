import { useQuery } from '@tanstack/react-query';
import { LayoutGrid, Plus, Search, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { explain } from '@/platform/api';
import { Page } from '@/pages/page-frame';
import { Button } from '@/ui/button';
import { EmptyState, Failure, Loading } from '@/ui/states';
import { DeletedWorkspaces } from './deleted-workspaces';
import { NewWorkspaceDialog } from './new-workspace-dialog';
import { matches, workspacesQuery } from './queries';
import { TypeCounts } from './type-counts';
import { WorkspaceCard } from './workspace-card';

/** All workspaces as cards, with counts per type and search. */
export function DashboardPage() {
  const [search, setSearch] = useState('');
  const [creating, setCreating] = useState(false);
  const [showDeleted, setShowDeleted] = useState(false);
  const { data: list, error, refetch } = useQuery(workspacesQuery(false));
  const shown = list?.workspaces.filter((workspace) => matches(workspace, search)) ?? [];

  return (
    <Page
      title="Workspaces"
      actions={
        <>
          <label className="relative order-last w-full sm:order-none sm:w-56">
            <span className="sr-only">Search workspaces</span>
            <Search size={14} className="absolute top-2.5 left-2.5 text-faint" aria-hidden />
            <input
              type="search"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
              placeholder="Search"
              className="h-8 w-full rounded-control border border-line-strong bg-surface pr-2 pl-8 placeholder:text-faint"
            />
          </label>
          <Button look="primary" icon={<Plus size={15} />} onClick={() => setCreating(true)}>New workspace</Button>
        </>
      }
    >
      {error && <Failure title="The workspaces could not be loaded" detail={explain(error)} onRetry={() => void refetch()} />}
      {!list && !error && <Loading what="the workspaces" />}
      {list && (
        <>
          <TypeCounts counts={list.counts} />
          {list.workspaces.length === 0 && (
            <EmptyState
              icon={<LayoutGrid size={20} />}
              title="No workspace yet"
              action={<Button look="primary" icon={<Plus size={15} />} onClick={() => setCreating(true)}>Create the first one</Button>}
            >
              A workspace holds files and an engine that runs them, here in the tab. Start from a template: a plot, a web app, a table of data.
            </EmptyState>
          )}
          {list.workspaces.length > 0 && shown.length === 0 && (
            <EmptyState icon={<Search size={20} />} title={`Nothing matches “${search}”`} action={<Button onClick={() => setSearch('')}>Clear the search</Button>}>
              Names and descriptions are searched.
            </EmptyState>
          )}
          <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,300px),1fr))] gap-4">
            {shown.map((workspace) => (
              <WorkspaceCard key={workspace.id} workspace={workspace} />
            ))}
          </ul>
          <div className="mt-8">
            <Button look="quiet" small icon={<Trash2 size={14} />} aria-expanded={showDeleted} onClick={() => setShowDeleted(!showDeleted)}>
              {showDeleted ? 'Hide deleted workspaces' : 'Show deleted workspaces'}
            </Button>
            {showDeleted && <DeletedWorkspaces />}
          </div>
        </>
      )}
      {creating && <NewWorkspaceDialog onClose={() => setCreating(false)} />}
    </Page>
  );
}
