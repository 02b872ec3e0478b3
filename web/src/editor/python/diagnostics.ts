import type { Diagnostic as RuffDiagnostic } from '@astral-sh/ruff-wasm-web';
import type { Problem, Severity } from '@/platform/problems';
import type { LspDiagnostic } from './lsp-types';

const severities: readonly Severity[] = ['error', 'error', 'warning', 'info', 'hint'];

/** The top-level name of an import that the type checker could not resolve; null for any other diagnostic. */
export function unresolvedImport(diagnostic: Pick<LspDiagnostic, 'code' | 'message'>): string | null {
  if (diagnostic.code !== 'reportMissingImports' && diagnostic.code !== 'reportMissingModuleSource') return null;
  const name = /Import "([\w.]+)"/.exec(diagnostic.message)?.[1];
  return name === undefined || name.startsWith('.') ? null : (name.split('.')[0] ?? null);
}

export function pyrightProblem(path: string, diagnostic: LspDiagnostic): Problem {
  const { start, end } = diagnostic.range;
  return {
    path,
    severity: severities[diagnostic.severity ?? 1] ?? 'error',
    message: diagnostic.message.replaceAll('\u00a0', ' '),
    source: 'Python',
    code: diagnostic.code === undefined ? null : String(diagnostic.code),
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
    unnecessary: diagnostic.tags?.includes(1) ?? false,
  };
}

export function ruffProblem(path: string, diagnostic: RuffDiagnostic): Problem {
  const code = diagnostic.code;
  return {
    path,
    severity: code === null || code.startsWith('E9') || code === 'invalid-syntax' ? 'error' : 'warning',
    message: diagnostic.message,
    source: 'ruff',
    code,
    line: diagnostic.start_location.row,
    column: diagnostic.start_location.column,
    endLine: diagnostic.end_location.row,
    endColumn: diagnostic.end_location.column,
    unnecessary: diagnostic.tags.includes('unnecessary'),
  };
}

/** What the type checker says too is not said twice: syntax errors and undefined names. */
export function isSaidTwice(code: string | null): boolean {
  return code === null || code === 'F821' || code === 'invalid-syntax' || code.startsWith('E9');
}

/** Setting an attribute that a class does not declare is common in configuring libraries, and works. */
export function isPedantic(diagnostic: Pick<LspDiagnostic, 'code' | 'message'>): boolean {
  return diagnostic.code === 'reportAttributeAccessIssue' && diagnostic.message.startsWith('Cannot assign to attribute');
}
