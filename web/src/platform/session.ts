import { queryOptions } from '@tanstack/react-query';
import { api, data } from './api';

/** Who is signed in; refused with 401 if nobody is. */
export const sessionQuery = queryOptions({ queryKey: ['session'], queryFn: () => data(api.GET('/api/session')), staleTime: 60_000 });

/** The version, workspace types and origins of this server. */
export const systemQuery = queryOptions({ queryKey: ['system'], queryFn: () => data(api.GET('/api/system')), staleTime: Infinity });

/** The projects of the signed-in person. */
export const projectsQuery = queryOptions({ queryKey: ['projects'], queryFn: () => data(api.GET('/api/projects')) });
