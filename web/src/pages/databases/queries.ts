import { queryOptions } from '@tanstack/react-query';
import type { components } from '@/protocol';
import { api, data } from '@/platform/api';
import { projectsQuery } from '@/platform/session';

export type Database = components['schemas']['Database'];
export type DatabaseAnswer = components['schemas']['DatabaseAnswer'];

/** The databases of all projects of this person. */
export const databasesQuery = queryOptions({ queryKey: ['databases'], queryFn: () => data(api.GET('/api/databases')), refetchInterval: 10_000 });

/** One database as it is now; asked again every two seconds while the page is seen. */
export const databaseQuery = (name: string) =>
  queryOptions({
    queryKey: ['databases', name],
    queryFn: () => data(api.GET('/api/databases/{database}', { params: { path: { database: name } } })),
    refetchInterval: 2_000,
    staleTime: 1_000,
  });

/** What this person may do in the database's project. */
export const rightsQuery = (project: string) =>
  queryOptions({ ...projectsQuery, select: ({ projects }) => ({ mayChange: projects.some(({ id, role }) => id === project && role !== 'viewer') }) });

/** Whether the search words all occur in one of the names. */
export function matches(database: Pick<Database, 'name' | 'names' | 'identity'>, search: string): boolean {
  const text = [database.name, ...database.names, database.identity].join(' ').toLowerCase();
  return search.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}
