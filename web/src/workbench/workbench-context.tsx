import { createContext, useContext } from 'react';
import type { Token } from '@/base/services';
import type { WorkspaceSession } from './workspace-session';

export const SessionContext = createContext<WorkspaceSession | null>(null);

export function useSession(): WorkspaceSession {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('No workspace is open here');
  return session;
}

/** A service of the open workspace. */
export function useService<T>(key: Token<T>): T {
  return useSession().services.get(key);
}
