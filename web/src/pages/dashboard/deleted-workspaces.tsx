import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, data, explain } from '@/platform/api';
import { tell, tellFailure } from '@/platform/notifications';
import { Button } from '@/ui/button';
import { Failure, Loading } from '@/ui/states';
import { Ago } from '@/ui/time';
import { TypeIcon } from '@/ui/type-icon';
import { workspacesQuery } from './queries';

/** Workspaces that were deleted in the last 30 days and can be brought back. */
export function DeletedWorkspaces() {
  const { data: list, error } = useQuery(workspacesQuery(true));
  const queries = useQueryClient();
  const restore = useMutation({
    mutationFn: (id: string) => data(api.POST('/api/workspaces/{id}/restore', { params: { path: { id } } })),
    onSuccess: async ({ workspace }) => {
      await queries.invalidateQueries({ queryKey: ['workspaces'] });
      tell(`“${workspace.name}” is back.`);
    },
    onError: (failure) => tellFailure('Could not restore the workspace', failure),
  });
  if (error) return <Failure title="The deleted workspaces could not be loaded" detail={explain(error)} />;
  if (!list) return <Loading what="the deleted workspaces" />;
  if (list.workspaces.length === 0) return <p className="mt-3 px-2.5 text-muted">Nothing was deleted in the last 30 days.</p>;
  return (
    <ul className="mt-3 divide-y divide-line rounded-card border border-line bg-surface">
      {list.workspaces.map((workspace) => (
        <li key={workspace.id} className="flex items-center gap-3 px-4 py-2">
          <span className="text-muted"><TypeIcon type={workspace.type} size={15} /></span>
          <span className="min-w-0 flex-1 truncate">{workspace.name}</span>
          {workspace.deletedAt !== undefined && <span className="text-small text-faint">deleted <Ago time={workspace.deletedAt} /></span>}
          <Button small busy={restore.isPending && restore.variables === workspace.id} onClick={() => restore.mutate(workspace.id)}>Restore</Button>
        </li>
      ))}
    </ul>
  );
}
