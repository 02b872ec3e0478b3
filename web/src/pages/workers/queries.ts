import { queryOptions } from '@tanstack/react-query';
import type { components } from '@/protocol';
import { api, data } from '@/platform/api';
import { projectsQuery } from '@/platform/session';

export type Worker = components['schemas']['Worker'];
export type WorkerAnswer = components['schemas']['WorkerAnswer'];
export type WorkerFunction = components['schemas']['WorkerFunction'];
export type WorkerNode = components['schemas']['WorkerNode'];
export type Statistics = components['schemas']['WorkerStatistics'];
export type Task = components['schemas']['Task'];
export type TaskState = components['schemas']['TaskState'];

/** The workers of all projects of this person. */
export const workersQuery = queryOptions({ queryKey: ['workers'], queryFn: () => data(api.GET('/api/workers')), refetchInterval: 15_000 });

export const workerQuery = (name: string) =>
  queryOptions({ queryKey: ['workers', name], queryFn: () => data(api.GET('/api/workers/{worker}', { params: { path: { worker: name } } })), refetchInterval: 15_000 });

/** The server itself, nodes and tabs. */
export const nodesQuery = queryOptions({ queryKey: ['nodes'], queryFn: () => data(api.GET('/api/nodes')), refetchInterval: 5_000 });

/** The newest tasks of one state, or of all. */
export const tasksQuery = (state: TaskState | null) =>
  queryOptions({
    queryKey: ['tasks', state],
    queryFn: () => data(api.GET('/task', { params: { query: { limit: 100, ...(state !== null && { state }) } } })),
    refetchInterval: 2_000,
    placeholderData: (last) => last,
  });

/** What this person may do in the worker's project. */
export const rightsQuery = (project: string) =>
  queryOptions({ ...projectsQuery, select: ({ projects }) => ({ mayChange: projects.some(({ id, role }) => id === project && role !== 'viewer') }) });
