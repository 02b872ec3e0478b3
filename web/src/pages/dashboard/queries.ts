import { queryOptions } from '@tanstack/react-query';
import type { components } from '@/protocol';
import { api, data } from '@/platform/api';

export type Workspace = components['schemas']['Workspace'];
export type Template = components['schemas']['Template'];

/** The workspaces of all projects, or the deleted ones. */
export const workspacesQuery = (deleted: boolean) =>
  queryOptions({ queryKey: ['workspaces', { deleted }], queryFn: () => data(api.GET('/api/workspaces', { params: { query: { deleted } } })) });

/** What a new workspace can start from. */
export const templatesQuery = queryOptions({ queryKey: ['templates'], queryFn: () => data(api.GET('/api/templates')), staleTime: Infinity });

/** The address of a workspace's screen. */
export function workspacePath(workspace: Pick<Workspace, 'id' | 'type'>): string {
  return workspace.type === 'PYODIDE' ? `/workspace/pyodide/${workspace.id}` : `/workspace/${workspace.id}`;
}

/** Whether the search words all occur in name or description. */
export function matches(workspace: Pick<Workspace, 'name' | 'description'>, search: string): boolean {
  const text = `${workspace.name} ${workspace.description}`.toLowerCase();
  return search.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}
