import * as monaco from 'monaco-editor';
import { Debouncer, systemClock } from '@/base/async';
import { DisposableStore, type Disposable } from '@/base/disposable';
import type { WorkspaceFiles } from '@/platform/files';
import { normalName, type PackageService } from '@/platform/packages/package-service';
import type { Problem, ProblemService } from '@/platform/problems';
import { isPython, type FileDiagnostics, type PythonLanguage } from './python-language';
import { isPedantic, isSaidTwice, pyrightProblem, ruffProblem, unresolvedImport } from './diagnostics';
import type { LspDiagnostic } from './lsp-types';
import type { Ruff } from './ruff';

export interface PythonChecksOptions {
  readonly files: WorkspaceFiles;
  readonly language: PythonLanguage;
  readonly ruff: Ruff;
  readonly packages: PackageService;
  readonly problems: ProblemService;
}

const typesOwner = 'python';
const lintOwner = 'ruff';

/** Brings what the type checker and the linter find into the list of problems. */
export class PythonChecks implements Disposable {
  private readonly held = new DisposableStore();
  private readonly found = new Map<string, readonly LspDiagnostic[]>();
  private readonly providers = new Map<string, string | null>();
  private readonly toLint = new Set<string>();
  private readonly lintTimer: Debouncer;

  constructor(private readonly options: PythonChecksOptions) {
    this.lintTimer = this.held.add(new Debouncer(systemClock, () => void this.lint(), 400, 2000));
    this.held.add(options.language.onDiagnostics((diagnosed) => void this.typesFound(diagnosed)));
    this.held.addCallback(options.packages.state.subscribe(() => void this.publishAll()));
    this.held.add(
      options.files.onChange((event) => {
        if (event.kind === 'write' && this.wasLinted(event.path)) this.later(event.path);
        if (event.kind === 'delete' || event.kind === 'move') {
          options.problems.set(lintOwner, event.path, []);
          options.problems.set(typesOwner, event.path, []);
          this.found.delete(event.path);
        }
      }),
    );
  }

  /** A Python file was opened. */
  opened(path: string): void {
    if (isPython(path)) this.later(path);
  }

  /** The package that would bring an import; null if none is known. */
  packageFor(importName: string): string | null {
    return this.providers.get(importName) ?? null;
  }

  dispose(): void {
    this.held.dispose();
  }

  private readonly linted = new Set<string>();

  private wasLinted(path: string): boolean {
    return this.linted.has(path);
  }

  private later(path: string): void {
    this.linted.add(path);
    this.toLint.add(path);
    this.lintTimer.trigger();
  }

  private async lint(): Promise<void> {
    for (const path of [...this.toLint]) {
      this.toLint.delete(path);
      const text = await this.options.files.readText(path).catch(() => null);
      if (text === null) continue;
      const diagnostics = await this.options.ruff.check(text).catch(() => []);
      const problems = diagnostics.filter((diagnostic) => !isSaidTwice(diagnostic.code)).map((diagnostic) => ruffProblem(path, diagnostic));
      this.options.problems.set(lintOwner, path, problems);
    }
  }

  private async typesFound({ path, diagnostics }: FileDiagnostics): Promise<void> {
    this.found.set(path, diagnostics);
    const unknown = [...new Set(diagnostics.map(unresolvedImport))].filter((name) => name !== null && !this.providers.has(name)) as string[];
    if (unknown.length > 0) {
      for (const name of unknown) this.providers.set(name, null);
      const packages = await this.options.packages.forImports(unknown).catch((): Record<string, string> => ({}));
      for (const name of unknown) this.providers.set(name, packages[name] ?? null);
    }
    this.publish(path);
  }

  private publishAll(): void {
    for (const path of this.found.keys()) this.publish(path);
  }

  private publish(path: string): void {
    const installed = new Set(this.options.packages.state.getState().wheels.map((wheel) => normalName(wheel.name)));
    const problems: Problem[] = [];
    for (const diagnostic of this.found.get(path) ?? []) {
      const problem = pyrightProblem(path, diagnostic);
      const name = unresolvedImport(diagnostic);
      if (name === null) {
        if (problem.severity !== 'hint' && !isPedantic(diagnostic)) problems.push(problem);
        continue;
      }
      const provider = this.providers.get(name) ?? null;
      if (provider !== null ? installed.has(normalName(provider)) : installed.has(normalName(name))) continue;
      const message = provider === null ? `"${name}" is neither in this workspace nor in its packages.` : `"${name}" comes with the package ${provider}, which is not installed yet. It is installed when you run this file.`;
      problems.push({ ...problem, message, severity: provider === null ? 'warning' : 'info', code: provider === null ? problem.code : `install:${provider}` });
    }
    this.options.problems.set(typesOwner, path, problems);
  }
}

/** The quick action "Install X" for imports whose package is known. */
export function registerInstallAction(install: (name: string) => void): Disposable {
  const held = new DisposableStore();
  held.add(monaco.editor.registerCommand('cloche.install', (_accessor, name: unknown) => install(String(name))));
  held.add(
    monaco.languages.registerCodeActionProvider('python', {
      provideCodeActions(_model, _range, context) {
        const actions = context.markers.flatMap((marker): monaco.languages.CodeAction[] => {
          const code = typeof marker.code === 'string' ? marker.code : '';
          if (!code.startsWith('install:')) return [];
          const name = code.slice('install:'.length);
          return [{ title: `Install ${name}`, kind: 'quickfix', isPreferred: true, diagnostics: [marker], command: { id: 'cloche.install', title: `Install ${name}`, arguments: [name] } }];
        });
        return { actions, dispose: () => undefined };
      },
    }),
  );
  return held;
}
