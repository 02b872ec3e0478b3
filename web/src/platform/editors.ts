import type { Event } from '@/base/emitter';
import { token } from '@/base/services';
import type { ReadableStore } from '@/base/store';

/** A place in a text, lines and columns from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** The file that has the focus, or had it last. */
export interface ActiveFile {
  readonly path: string;
  readonly language: string;
  readonly place: TextPlace | null;
  readonly selected: number;
}

export interface OpenOptions {
  /** A preview is replaced by the next one; edited, double-clicked or pinned it stays. */
  readonly preview?: boolean;
  readonly place?: TextPlace;
  readonly end?: TextPlace;
  readonly focus?: boolean;
  readonly split?: 'right' | 'below';
}

/** The text editors of the open workspace, without saying what they are made of. */
export interface TextEditors {
  readonly cursor: ReadableStore<{ readonly path: string; readonly language: string; readonly place: TextPlace; readonly selected: number } | null>;
  /** Texts that are in editors reach the working copy: called before saving and running. */
  flush(): void;
  reveal(path: string, place: TextPlace, end: TextPlace | undefined): void;
  focus(path: string): void;
  /** The selected text of the focused editor, or its current line if nothing is selected. */
  selection(): { readonly path: string; readonly text: string; readonly line: number } | null;
  /** Runs an action of the editor by its id. */
  action(id: string): void;
  format(path: string): Promise<void>;
}

export const TextEditors = token<TextEditors>('textEditors');

/** Open files as tabs. */
export interface EditorTabs {
  readonly active: ReadableStore<string | null>;
  readonly open: ReadableStore<readonly string[]>;
  readonly onOpened: Event<string>;
  /** The last tab of a file was closed. */
  readonly onClosed: Event<string>;
  readonly onGroupRemoved: Event<string>;
  show(path: string, options?: OpenOptions): void;
  close(path: string): void;
  closeOthers(path: string): void;
  closeAll(): void;
  keep(path: string): void;
  split(direction: 'right' | 'below'): void;
  next(step: 1 | -1): void;
}

export const EditorTabs = token<EditorTabs>('editorTabs');
