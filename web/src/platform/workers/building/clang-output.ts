import type { SourceProblem } from '@/protocol';

const MOST = 200;
const LINE = /^(?:\.\/)?(?<path>[^:\n]+):(?<line>\d+):(?<column>\d+): (?:fatal )?(?<kind>error|warning): (?<message>.*)$/gm;

/** The mistakes that clang names; paths of the compiler's own headers are left out. */
export function clangProblems(said: string): SourceProblem[] {
  const found = [...said.matchAll(LINE)].slice(0, MOST);
  return found.map(({ groups = {} }) => {
    const line = Number(groups['line']);
    const column = Number(groups['column']);
    const path = groups['path'] ?? '';
    const isOwn = !path.startsWith('/');
    return {
      severity: groups['kind'] === 'error' ? 'error' : 'warning',
      path: isOwn ? path : null,
      line,
      column,
      endLine: line,
      endColumn: column + 1,
      code: '',
      message: isOwn ? (groups['message'] ?? '') : `${groups['message']} (in ${path})`,
    };
  });
}
