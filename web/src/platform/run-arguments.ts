import type { Disposable } from '@/base/disposable';
import { movedPath } from '@/base/paths';
import { token } from '@/base/services';
import { ValueStore } from '@/base/store';
import type { WorkspaceFiles } from './files';

const mostFiles = 50;

/** The arguments that a person gave to programs: one line per file, kept with the workspace. */
export class RunArguments implements Disposable {
  readonly lines: ValueStore<Readonly<Record<string, string>>>;
  private readonly following: Disposable;

  constructor(stored: unknown, files: WorkspaceFiles) {
    this.lines = new ValueStore(read(stored));
    this.following = files.onChange((event) => {
      if (event.kind !== 'move') return;
      const moved = Object.entries(this.lines.getState()).map(([path, line]) => [movedPath(path, event.path, event.to) ?? path, line] as const);
      this.lines.set(Object.fromEntries(moved));
    });
  }

  of(path: string): string {
    return this.lines.getState()[path] ?? '';
  }

  /** The newest are kept, for up to 50 files. */
  set(path: string, line: string): void {
    const others = Object.entries(this.lines.getState()).filter(([other]) => other !== path);
    this.lines.set(Object.fromEntries(line.trim() === '' ? others : [...others, [path, line.trim()] as const].slice(-mostFiles)));
  }

  dispose(): void {
    this.following.dispose();
  }
}

export const RunArgumentsToken = token<RunArguments>('runArguments');

function read(stored: unknown): Record<string, string> {
  if (typeof stored !== 'object' || stored === null) return {};
  return Object.fromEntries(Object.entries(stored).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
