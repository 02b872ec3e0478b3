import { fromBase64 } from '@/base/bytes';
import { joinPath } from '@/base/paths';
import { writeZip } from '@/base/zip-writer';
import { api, ApiProblem, data } from '@/platform/api';
import type { WorkspaceFiles } from '@/platform/files';
import type { BuildModule, BuildStep, components, SourceProblem } from '@/protocol';
import type { TabEngine } from '../tab-engine';
import { BuildRefusal } from './build-refusal';
import { readManifest } from './manifest';
import { explainImport, packagesInVain } from './npm-packages';
import { gatherSources, inWorkspace } from './sources';
import type { WorkerFolder } from './worker-folder';

/** A worker that can be published. */
export interface BuiltWorker {
  readonly name: string;
  readonly file: Uint8Array<ArrayBuffer>;
  readonly digest: string;
  /** Warnings. */
  readonly problems: readonly SourceProblem[];
  readonly said: string;
  /** The Cargo.lock that was made because there is none. */
  readonly lock: string | null;
}

type Files = Pick<WorkspaceFiles, 'get' | 'files' | 'readText' | 'readBytes'>;
export type TabCompiler = Pick<TabEngine, 'build'>;

export interface TabBuild {
  readonly files: Files;
  readonly at: WorkerFolder;
  /** For a worker in the workspace's root that says no name. */
  readonly workspaceName: string;
  readonly compiler: () => Promise<TabCompiler>;
  readonly signal: AbortSignal;
  readonly onStep: (step: BuildStep) => void;
}

/** Builds AssemblyScript in this tab; throws {@link BuildRefusal}. */
export async function buildInTab({ files, at, workspaceName, compiler, signal, onStep }: TabBuild): Promise<BuiltWorker> {
  const manifest = await readManifest(files, at, workspaceName);
  const sources = await gatherSources(files, at);
  const modules = manifest.modules.map(({ path, simd, name }): BuildModule => ({ path, simd, entry: at.single ?? entryOf(sources, name), isAlone: at.single !== null }));
  const inVain = await packagesInVain(files, at);
  const { modules: built, problems } = await (await compiler()).build({ sources, modules }, { signal, onStep }).catch((error: unknown) => {
    throw error instanceof BuildRefusal ? explained(error, inVain, at.folder) : error;
  });
  const parts = built.map(({ path, bytes }) => [path, new Uint8Array(bytes)] as const);
  const file = new Uint8Array(await writeZip(new Map([['worker.json', manifest.bytes], ...parts])).arrayBuffer());
  return { name: manifest.name, file, digest: await digestOf([manifest.bytes, ...(await Promise.all(parts.map(([, bytes]) => sha256(bytes))))]), problems: placed([...problems, ...inVain], at.folder), said: '', lock: null };
}

/** Builds C, C++ and Rust on the server, from what it has of the workspace; throws {@link BuildRefusal}. */
export async function buildOnServer(workspace: string, { folder }: WorkerFolder, signal: AbortSignal): Promise<BuiltWorker> {
  const query = { workspace, ...(folder !== '' && { folder }) };
  const { name, digest, bundle, output, problems, lock } = await data(api.POST('/api/workers/build', { params: { query }, signal })).catch((error: unknown) => {
    throw error instanceof ApiProblem ? refusalOf(error, folder) : error;
  });
  return { name, digest, file: fromBase64(bundle), said: output, problems: placed(problems.map(problemOf), folder), lock: lock ?? null };
}

function refusalOf(problem: ApiProblem, folder: string): BuildRefusal | ApiProblem {
  const { output, problems = [] } = problem.problem as Partial<components['schemas']['BuildProblem']>;
  if (output === undefined) return problem;
  const found = placed(problems.map(problemOf), folder);
  const first = found.find(({ severity }) => severity === 'error');
  const where = first?.path == null ? '' : `${first.path}, line ${first.line}, column ${first.column}: `;
  return new BuildRefusal(first === undefined ? problem.message : where + first.message, found, output);
}

function problemOf({ severity, path, line, column, code, message }: components['schemas']['BuildMistake']): SourceProblem {
  return { severity, path: path ?? null, line, column, endLine: line, endColumn: column + 1, code, message };
}

function entryOf(sources: ReadonlyMap<string, string>, name: string): string {
  const entry = [`assembly/${name}.ts`, 'assembly/index.ts'].find((path) => sources.has(path));
  if (entry === undefined) throw new BuildRefusal(`There is neither assembly/${name}.ts nor assembly/index.ts.`);
  return entry;
}

function explained({ message, problems, said }: BuildRefusal, inVain: readonly SourceProblem[], folder: string): BuildRefusal {
  const plain = problems.map(explainImport);
  const text = problems.reduce((words, problem, index) => words.replace(problem.message, () => plain[index]?.message ?? ''), message);
  return new BuildRefusal(text, placed([...plain, ...inVain], folder), said);
}

function placed(problems: readonly SourceProblem[], folder: string): SourceProblem[] {
  return problems.map((problem) => ({ ...problem, path: problem.path === null ? null : inWorkspace(folder, problem.path) }));
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

async function digestOf(parts: readonly Uint8Array<ArrayBuffer>[]): Promise<string> {
  const all = new Uint8Array(await new Blob([...parts]).arrayBuffer());
  return [...(await sha256(all))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Where the worker's file goes. */
export function outputPath({ folder }: WorkerFolder, name: string): string {
  return joinPath(folder, `${name}.worker`);
}
