import type { SourceProblem } from '@/protocol';

/** A worker was not built. Paths of the problems are those of the workspace. */
export class BuildRefusal extends Error {
  constructor(message: string, readonly problems: readonly SourceProblem[] = [], readonly said = '') {
    super(message);
  }
}

export function errorAt(path: string, line: number, message: string): SourceProblem {
  return { severity: 'error', path, line, column: 1, endLine: line, endColumn: 1000, code: '', message };
}
