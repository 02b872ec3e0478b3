import { ValueStore } from '@/base/store';
import { encodeText } from '@/base/bytes';
import { joinPath, nameOf } from '@/base/paths';
import { ApiProblem, explain } from '@/platform/api';
import type { WorkspaceFiles } from '@/platform/files';
import type { ProblemService } from '@/platform/problems';
import { nameFromFile, publishWorker, workerNameProblem } from '@/platform/workers';
import { BuildRefusal, buildInTab, buildOnServer, outputPath, type BuiltWorker, type TabCompiler, type WorkerFolder } from '@/platform/workers/building';
import type { BuildStep, SourceProblem } from '@/protocol';
import type { Workspace } from '@/workbench/contribution';

const OWNER = 'worker';

/** A worker's file in the workspace. */
export interface WorkerFile {
  readonly path: string;
  readonly size: number;
  /** '' where it was not built just now. */
  readonly digest: string;
  readonly tookMs: number | null;
  readonly warnings: number;
  readonly said: string;
  /** Where a Cargo.lock was made with it. */
  readonly lock: string | null;
}

export interface WorkerFailure {
  readonly title: string;
  readonly detail: string;
  readonly problems: readonly SourceProblem[];
  readonly said: string;
}

export type WorkerPhase =
  | { readonly phase: 'building'; readonly step: string }
  | { readonly phase: 'failed'; readonly failure: WorkerFailure }
  | { readonly phase: 'ready'; readonly file: WorkerFile; readonly isBusy: boolean; readonly failure: string | null }
  | { readonly phase: 'published'; readonly file: WorkerFile; readonly isNew: boolean; readonly digest: string };

export interface WorkerState {
  /** What is built or published, for people. */
  readonly what: string;
  readonly name: string;
  readonly now: WorkerPhase;
}

/** Building a worker from the workspace's sources, and publishing the file that comes out. */
export class WorkerModel {
  /** Null while the dialog is closed. */
  readonly state = new ValueStore<WorkerState | null>(null);
  private abort: AbortController | null = null;

  constructor(
    private readonly workspace: Pick<Workspace, 'id' | 'name' | 'projectId'>,
    private readonly files: WorkspaceFiles,
    private readonly problems: ProblemService,
    private readonly compiler: () => Promise<TabCompiler>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Builds; the file lands beside the sources. */
  async build(at: WorkerFolder): Promise<void> {
    this.abort?.abort();
    const abort = (this.abort = new AbortController());
    const { signal } = abort;
    this.forgetProblems();
    this.state.set({ what: whatOf(at, this.workspace.name), name: '', now: { phase: 'building', step: 'Saving' } });
    const started = this.now();
    try {
      await this.files.save();
      const built = await this.made(at, signal);
      if (this.abort !== abort) return;
      this.show(built.problems);
      const path = outputPath(at, built.name);
      this.files.write(path, built.file, 'explorer');
      const lock = built.lock === null ? null : joinPath(at.folder, 'Cargo.lock');
      // as cargo leaves it on a computer of one's own: the next build takes the same crates
      if (lock !== null && this.files.get(lock) === undefined) this.files.write(lock, encodeText(built.lock ?? ''), 'explorer');
      const file = { path, size: built.file.length, digest: built.digest, tookMs: this.now() - started, warnings: built.problems.length, said: built.said, lock };
      this.state.update((state) => state && { ...state, name: nameFromFile(`${built.name}.worker`), now: { phase: 'ready', file, isBusy: false, failure: null } });
    } catch (error) {
      // cancelled, or another one began
      if (this.abort !== abort || signal.aborted) return;
      const refusal = error instanceof BuildRefusal ? error : null;
      this.show(refusal?.problems ?? []);
      this.go({ phase: 'failed', failure: { title: titleOf(error), detail: explain(error), problems: refusal?.problems ?? [], said: refusal?.said ?? '' } });
    }
  }

  /** Shows the dialog for a file that is there already. */
  open(path: string): void {
    const node = this.files.get(path);
    if (node === undefined) return;
    this.cancel();
    const file = { path, size: node.size, digest: '', tookMs: null, warnings: 0, said: '', lock: null };
    this.state.set({ what: path, name: nameFromFile(nameOf(path)), now: { phase: 'ready', file, isBusy: false, failure: null } });
  }

  setName(name: string): void {
    this.state.update((state) => state && { ...state, name, now: state.now.phase === 'ready' ? { ...state.now, failure: null } : state.now });
  }

  async publish(): Promise<void> {
    const state = this.state.getState();
    if (state?.now.phase !== 'ready' || state.now.isBusy || workerNameProblem(state.name) !== null) return;
    const { file } = state.now;
    this.go({ ...state.now, isBusy: true, failure: null });
    try {
      const bytes = new Uint8Array(await this.files.readBytes(file.path));
      const { isNew, answer } = await publishWorker(state.name, new Blob([bytes]), this.workspace.projectId);
      this.go({ phase: 'published', file, isNew, digest: answer.worker.digest });
    } catch (error) {
      this.go({ ...state.now, isBusy: false, failure: explain(error) });
    }
  }

  /** Ends a build that goes on, and closes the dialog. */
  close(): void {
    this.cancel();
    this.state.set(null);
  }

  /** The sources are not any more what the mistakes were found in. */
  forgetProblems(): void {
    this.problems.clear(OWNER);
  }

  private cancel(): void {
    this.abort?.abort();
    this.abort = null;
  }

  private made(at: WorkerFolder, signal: AbortSignal): Promise<BuiltWorker> {
    switch (at.language) {
      case 'assemblyscript':
        this.go({ phase: 'building', step: 'Starting the compiler' });
        return buildInTab({ files: this.files, at, workspaceName: this.workspace.name, compiler: this.compiler, signal, onStep: (step) => this.go({ phase: 'building', step: wordsOf(step) }) });
      case 'c':
      case 'rust':
        this.go({ phase: 'building', step: 'Compiling on the server' });
        return buildOnServer(this.workspace.id, at, signal);
    }
  }

  private show(problems: readonly SourceProblem[]): void {
    for (const [path, found] of Map.groupBy(problems, (problem) => problem.path)) {
      if (path !== null && this.files.get(path) !== undefined) this.problems.set(OWNER, path, found.map((problem) => ({ ...problem, path, source: OWNER, code: problem.code || null, unnecessary: false })));
    }
  }

  private go(now: WorkerPhase): void {
    this.state.update((state) => state && { ...state, now });
  }
}

function whatOf({ folder, single, language }: WorkerFolder, workspaceName: string): string {
  const sources = single !== null ? single : folder === '' ? workspaceName : folder;
  return `${sources}: ${{ assemblyscript: 'AssemblyScript, compiled in this tab.', c: 'C or C++, compiled on the server.', rust: 'Rust, compiled on the server.' }[language]}`;
}

function wordsOf(step: BuildStep): string {
  return step.step === 'loading' ? 'Loading the compiler' : `Compiling ${step.path} (${step.number} of ${step.of})`;
}

function titleOf(error: unknown): string {
  if (error instanceof ApiProblem && error.code === 'not-available') return 'The server does not build this';
  return error instanceof BuildRefusal && error.problems.length > 0 ? 'It does not compile' : 'The worker was not built';
}

