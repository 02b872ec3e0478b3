import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { api } from '@/platform/api';
import { tell, tellFailure } from '@/platform/notifications';
import { IconButton } from '@/ui/button';
import { Menu } from '@/ui/menu';
import { Ago } from '@/ui/time';
import { TypeIcon, typeLabels } from '@/ui/type-icon';
import { type Workspace, workspacePath } from './queries';
import { RenameDialog } from './rename-dialog';

/** A workspace on the dashboard. */
export function WorkspaceCard({ workspace }: { readonly workspace: Workspace }) {
  const [renaming, setRenaming] = useState(false);
  const queries = useQueryClient();
  const reload = () => queries.invalidateQueries({ queryKey: ['workspaces'] });
  const path = { params: { path: { id: workspace.id } } };
  const mayWrite = workspace.role !== 'viewer';

  const restore = async () => {
    try {
      await api.POST('/api/workspaces/{id}/restore', path);
      await reload();
    } catch (error) {
      tellFailure('Could not restore the workspace', error);
    }
  };
  const remove = async () => {
    try {
      await api.DELETE('/api/workspaces/{id}', path);
      await reload();
      tell(`“${workspace.name}” deleted. It can be restored for 30 days.`, { label: 'Undo', run: () => void restore() });
    } catch (error) {
      tellFailure('Could not delete the workspace', error);
    }
  };

  return (
    <li className="group relative flex flex-col rounded-card border border-line bg-surface p-4 transition-colors duration-100 hover:border-line-strong">
      <div className="flex items-start gap-3">
        <div className="flex size-9 shrink-0 items-center justify-center rounded-control bg-accent-soft text-accent"><TypeIcon type={workspace.type} /></div>
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-card font-semibold">
            <Link to={workspacePath(workspace)} className="after:absolute after:inset-0 after:rounded-card">{workspace.name}</Link>
          </h2>
          <p className="text-small text-muted">{typeLabels[workspace.type]}</p>
        </div>
        {mayWrite && (
          <div className="relative z-1 -mt-1 -mr-1">
            <Menu
              label={`Actions for ${workspace.name}`}
              items={[
                { label: 'Rename', icon: <Pencil size={14} />, onSelect: () => setRenaming(true) },
                null,
                { label: 'Delete', icon: <Trash2 size={14} />, danger: true, onSelect: () => void remove() },
              ]}
              button={(properties) => <IconButton small label={`Actions for ${workspace.name}`} {...properties}><Ellipsis size={15} /></IconButton>}
            />
          </div>
        )}
      </div>
      <p className="mt-3 line-clamp-2 min-h-10 text-muted">{workspace.description || <span className="text-faint">No description</span>}</p>
      <p className="mt-3 text-meta text-faint">Edited <Ago time={workspace.editedAt} /></p>
      {renaming && <RenameDialog workspace={workspace} onClose={() => setRenaming(false)} />}
    </li>
  );
}
