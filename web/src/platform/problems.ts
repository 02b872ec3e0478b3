import { token } from '@/base/services';
import { ValueStore, type ReadableStore } from '@/base/store';

export type Severity = 'error' | 'warning' | 'info' | 'hint';

/** Something wrong at a place of a file, lines and columns from 1. */
export interface Problem {
  readonly path: string;
  readonly severity: Severity;
  readonly message: string;
  readonly source: string;
  readonly code: string | null;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly unnecessary: boolean;
}

/** What the checkers found, per owner and file. */
export interface ProblemService {
  readonly all: ReadableStore<readonly Problem[]>;
  set(owner: string, path: string, problems: readonly Problem[]): void;
  clear(owner: string): void;
}

export const ProblemService = token<ProblemService>('problems');

export class ProblemCollection implements ProblemService {
  readonly all = new ValueStore<readonly Problem[]>([]);
  private readonly byOwner = new Map<string, Map<string, readonly Problem[]>>();

  set(owner: string, path: string, problems: readonly Problem[]): void {
    const files = this.byOwner.get(owner) ?? new Map<string, readonly Problem[]>();
    if (problems.length === 0 && !files.has(path)) return;
    this.byOwner.set(owner, files);
    if (problems.length === 0) files.delete(path);
    else files.set(path, problems);
    this.publish();
  }

  clear(owner: string): void {
    if (this.byOwner.delete(owner)) this.publish();
  }

  private publish(): void {
    const all = [...this.byOwner.values()].flatMap((files) => [...files.values()].flat());
    all.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line || a.column - b.column));
    this.all.set(all);
  }
}
