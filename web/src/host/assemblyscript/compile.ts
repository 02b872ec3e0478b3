import type { BuildFailure, BuildModule, BuildRequest, BuildResult, BuiltModule, SourceProblem } from '@/protocol';
import { kit } from './kit';

/** The part of the compiler's interface that is used. Files are asked for by their paths, relative to the worker's folder. */
export interface Compiler {
  main(
    words: string[],
    machine: {
      readonly stdout: { write(chunk: Uint8Array | string): void };
      readonly stderr: { write(chunk: Uint8Array | string): void };
      readFile(path: string): string | null;
      writeFile(path: string, content: Uint8Array | string): void;
      listFiles(folder: string): string[];
      reportDiagnostic(diagnostic: Diagnostic): void;
    },
  ): Promise<{ readonly error: Error | null }>;
}

interface Diagnostic {
  readonly code: number;
  /** 0 and 1 are hints. */
  readonly category: number;
  readonly message: string;
  readonly range: { readonly start: number; readonly end: number; readonly source: { readonly normalizedPath: string } } | null;
}

export class CannotBuild extends Error {
  constructor(readonly failure: BuildFailure) {
    super(failure.message);
  }
}

const LARGEST_OUTPUT = 64 * 1024 * 1024;
const MOST_PROBLEMS = 200;
const MOST_SAID = 64 * 1024;
const NO_ABORT = 'The module wants the function env.abort, which workers do not get. Put "use": ["abort="] into the options of asconfig.json, or name a function of your own there.';
const WARNING = 2;
const ERROR = 3;
const TRANSFORM = /"transform"\s*:(?!\s*\[\s*\])/;

/**
 * Compiles each module with the options that the command line takes, so that the bytes are the same. Throws {@link CannotBuild}.
 */
export async function compile(compiler: Compiler, { sources, modules }: BuildRequest, onModule: (module: BuildModule, index: number) => void = () => undefined): Promise<BuildResult> {
  refuseTransforms(sources);
  const files = new Map([...kit, ...sources]);
  const built: BuiltModule[] = [];
  const problems: SourceProblem[] = [];
  let size = 0;
  for (const [index, module] of modules.entries()) {
    onModule(module, index);
    const { bytes, said } = await one(compiler, files, module, problems);
    if (bytes === null) throw new CannotBuild({ error: 'failed', message: summary(problems, said), problems, said });
    if (importsAbort(bytes)) throw new CannotBuild({ error: 'failed', message: NO_ABORT, problems, said: '' });
    size += bytes.length;
    if (size > LARGEST_OUTPUT) throw new CannotBuild({ error: 'too_large', message: `A worker has at most ${LARGEST_OUTPUT} bytes.`, problems, said: '' });
    built.push({ path: module.path, bytes: bytes.slice().buffer });
  }
  return { modules: built, problems };
}

async function one(compiler: Compiler, files: ReadonlyMap<string, string>, module: BuildModule, problems: SourceProblem[]): Promise<{ bytes: Uint8Array | null; said: string }> {
  const out = 'worker.out.wasm';
  let bytes: Uint8Array | null = null;
  let said = '';
  const write = (chunk: Uint8Array | string) => {
    if (said.length < MOST_SAID) said += typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk);
  };
  const words = [module.entry, '--outFile', out, '-O3', ...(module.simd ? ['--enable', 'simd'] : []), ...(module.isAlone ? ['--use', 'abort='] : [])];
  const { error } = await compiler.main(words, {
    stdout: { write },
    stderr: { write },
    // without Node it asks for packages from the root on
    readFile: (path) => files.get(path.replace(/^\.?\//, '')) ?? null,
    writeFile(path, content) {
      if (path === out && typeof content !== 'string') bytes = content;
    },
    listFiles: () => [],
    reportDiagnostic(diagnostic) {
      const problem = located(diagnostic, files);
      // both builds of a module say the same
      const isKnown = problems.some((known) => known.path === problem.path && known.line === problem.line && known.column === problem.column && known.message === problem.message);
      if (!isKnown && problems.length < MOST_PROBLEMS) problems.push(problem);
    },
  }).catch((thrown: unknown) => {
    // a compiler that broke is not used again; what it throws else is about the sources
    if (!(thrown instanceof Error) || thrown instanceof WebAssembly.RuntimeError) throw thrown;
    return { error: thrown };
  });
  if (error !== null && said === '') said = error.message;
  return { bytes: error === null ? bytes : null, said: said.slice(0, MOST_SAID) };
}

/** AssemblyScript's own default, which would be refused only when the worker is published. */
function importsAbort(bytes: Uint8Array): boolean {
  return WebAssembly.Module.imports(new WebAssembly.Module(bytes.slice())).some(({ module, name }) => module === 'env' && name === 'abort');
}

function located({ code, category, message, range }: Diagnostic, files: ReadonlyMap<string, string>): SourceProblem {
  const severity = category === ERROR ? 'error' : category === WARNING ? 'warning' : 'info';
  const path = range?.source.normalizedPath ?? null;
  const text = path === null ? undefined : files.get(path);
  const base = { severity, code: `AS${code}` } as const;
  if (range === null || path === null || text === undefined) {
    return { ...base, path: null, line: 1, column: 1, endLine: 1, endColumn: 1, message: path === null ? message : `${message} (in ${path})` };
  }
  const start = place(text, range.start);
  const end = place(text, range.end);
  return { ...base, path, line: start.line, column: start.column, endLine: end.line, endColumn: end.column, message };
}

function place(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

function summary(problems: readonly SourceProblem[], said: string): string {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return said.trim().split('\n')[0] || 'The compiler made no module, and does not say why.';
  const where = first.path === null ? '' : `${first.path}, line ${first.line}, column ${first.column}: `;
  return `${where}${first.message}${errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''}`;
}

/** They are programs that the compiler would run. */
function refuseTransforms(sources: ReadonlyMap<string, string>): void {
  for (const [path, text] of sources) {
    if (!path.endsWith('.json') || path.endsWith('package.json') || !TRANSFORM.test(text)) continue;
    const { line, column } = place(text, text.search(TRANSFORM));
    const message = 'Transforms are programs that change the compiler; they are not run in the tab. Build with "cloche worker build".';
    throw new CannotBuild({ error: 'failed', message: `${path}, line ${line}: ${message}`, problems: [{ severity: 'error', path, line, column, endLine: line, endColumn: column + 11, code: 'transform', message }], said: '' });
  }
}
