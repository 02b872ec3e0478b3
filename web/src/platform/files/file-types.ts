import { token } from '@/base/services';
import type { Event } from '@/base/emitter';
import type { ReadableStore } from '@/base/store';

/** Who made a change, so that nobody hears his own echo. */
export type ChangeOrigin = 'editor' | 'explorer' | 'engine' | 'server' | 'journal';

/** A file or folder of the working copy. `revision` is the server's; 0 if the server does not have it yet. */
export interface FileNode {
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly size: number;
  readonly revision: number;
}

/** A change that has happened in the working copy. */
export type FileEvent =
  | { readonly kind: 'write'; readonly path: string; readonly created: boolean; readonly origin: ChangeOrigin }
  | { readonly kind: 'folder'; readonly path: string; readonly origin: ChangeOrigin }
  | { readonly kind: 'delete'; readonly path: string; readonly origin: ChangeOrigin }
  | { readonly kind: 'move'; readonly path: string; readonly to: string; readonly origin: ChangeOrigin };

/** How far the server is behind the working copy. `changes` counts what it has not acknowledged. */
export type SaveState =
  | { readonly state: 'saved' }
  | { readonly state: 'unsaved'; readonly changes: number }
  | { readonly state: 'saving'; readonly changes: number }
  | { readonly state: 'offline'; readonly changes: number; readonly kept: boolean; readonly cause: string }
  | { readonly state: 'refused'; readonly changes: number; readonly path: string; readonly cause: string };

/** Two versions met; both were kept. */
export interface FileConflict {
  readonly path: string;
  /** Where the local version is now; null if the local change was a deletion that was not done. */
  readonly copy: string | null;
}

/** New content: bytes, or a text that is read when it is needed (an editor's, which may still change). */
export type NewContent = Uint8Array | string | (() => string);

/** The working copy of a workspace in this tab. Reads and changes are local; the server follows. */
export interface WorkspaceFiles {
  readonly workspaceId: string;
  /** Counts up with every change of names or kinds in the tree. */
  readonly treeVersion: ReadableStore<number>;
  readonly saveState: ReadableStore<SaveState>;
  readonly onChange: Event<FileEvent>;
  readonly onConflict: Event<FileConflict>;
  /** The newest revision known to be committed. */
  readonly revision: number;

  get(path: string): FileNode | undefined;
  childrenOf(folder: string): readonly FileNode[];
  /** All files (no folders) in no particular order. */
  files(): Iterable<FileNode>;
  folders(): Iterable<FileNode>;
  isDirty(path: string): boolean;

  readBytes(path: string): Promise<Uint8Array>;
  /** null if the bytes are no text. */
  readText(path: string): Promise<string | null>;
  /** Brings all contents into memory and gives them; for the engine and for searching. */
  readAll(): Promise<ReadonlyMap<string, Uint8Array>>;

  write(path: string, content: NewContent, origin: ChangeOrigin): void;
  createFolder(path: string, origin: ChangeOrigin): void;
  move(path: string, to: string, origin: ChangeOrigin): void;
  remove(path: string, origin: ChangeOrigin): void;

  /** Saves now; ends when the server has acknowledged everything, or fails with the cause. */
  save(): Promise<void>;
}

export const WorkspaceFiles = token<WorkspaceFiles>('files');

/** A change that cannot be, in words for a person. */
export class FileProblem extends Error {}
