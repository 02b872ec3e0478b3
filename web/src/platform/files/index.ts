export * from './file-types';
export { WorkspaceClient, type WorkspaceClientOptions } from './workspace-client';
export { HttpFileRemote, encodePath } from './http-file-remote';
export { IndexedDbJournal } from './indexed-db-journal';
export type { Journal, JournalRecord } from './journal';
export { FileTree } from './file-tree';
