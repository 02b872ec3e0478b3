import { createContext, useContext } from 'react';
import type { DatabaseClient, DatabaseSocket, Definition } from '@/platform/databases';
import type { DatabaseAnswer } from './queries';

/** The database whose page is open. */
export interface OpenDatabase {
  readonly name: string;
  readonly client: DatabaseClient;
  readonly socket: DatabaseSocket;
  readonly definition: Definition;
  readonly answer: DatabaseAnswer;
  readonly mayChange: boolean;
}

export const OpenDatabaseContext = createContext<OpenDatabase | null>(null);

export function useOpenDatabase(): OpenDatabase {
  const open = useContext(OpenDatabaseContext);
  if (open === null) throw new Error('no database is open');
  return open;
}
