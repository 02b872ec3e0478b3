import { joinPath } from '@/base/paths';
import { writeZip } from '@/base/zip-writer';
import { type ApiProblem, problemOf } from '@/platform/api';
import type { WorkspaceFiles } from '@/platform/files';
import type { BuildModule, BuildStep, SourceProblem } from '@/protocol';
import type { TabEngine } from '../tab-engine';
import { BuildRefusal } from './build-refusal';
import { clangProblems } from './clang-output';
import { readManifest } from './manifest';
import { gatherSources, inWorkspace } from './sources';
import type { WorkerFolder } from './worker-folder';

/** A worker that can be published. */
export interface BuiltWorker {
  readonly name: string;
  readonly file: Uint8Array<ArrayBuffer>;
  readonly digest: string;
  /** Warnings. */
  readonly problems: readonly SourceProblem[];
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
  const { modules: built, problems } = await (await compiler()).build({ sources, modules }, { signal, onStep }).catch((error: unknown) => {
    throw error instanceof BuildRefusal ? new BuildRefusal(withAdvice(error), placed(error.problems, at.folder), error.said) : error;
  });
  const parts = built.map(({ path, bytes }) => [path, new Uint8Array(bytes)] as const);
  const file = new Uint8Array(await writeZip(new Map([['worker.json', manifest.bytes], ...parts])).arrayBuffer());
  return { name: manifest.name, file, digest: await digestOf([manifest.bytes, ...(await Promise.all(parts.map(([, bytes]) => sha256(bytes))))]), problems: placed(problems, at.folder) };
}

/** Builds C and C++ on the server, from what it has of the workspace; throws {@link BuildRefusal}. */
export async function buildOnServer(workspace: string, { folder }: WorkerFolder, signal: AbortSignal): Promise<BuiltWorker> {
  const query = new URLSearchParams({ workspace, ...(folder !== '' && { folder }) });
  const response = await fetch(`/api/workers/build?${query}`, { method: 'POST', signal });
  if (!response.ok) throw refusalOf(await problemOf(response), folder);
  const name = /filename="(.+)\.worker"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'worker';
  return { name, file: new Uint8Array(await response.arrayBuffer()), digest: response.headers.get('cloche-digest') ?? '', problems: [] };
}

/** How Rust becomes a worker: not here. */
export function rustAdvice(folder: string): BuildRefusal {
  return new BuildRefusal('Rust is built on your computer: its tools run programs of the sources. Fetch the workspace with "cloche workspace pull", '
    + `run "cloche worker build ${folder || '.'}" there (it needs cargo and the target wasm32-unknown-unknown), and publish the .worker file that it makes.`);
}

function refusalOf(problem: ApiProblem, folder: string): BuildRefusal | ApiProblem {
  const said = (problem.problem as { readonly output?: unknown }).output;
  if (typeof said !== 'string') return problem;
  const problems = placed(clangProblems(said), folder);
  const first = problems.find(({ severity }) => severity === 'error');
  return new BuildRefusal(first === undefined ? problem.message : `${first.path ?? ''}, line ${first.line}, column ${first.column}: ${first.message}`, problems, said);
}

function entryOf(sources: ReadonlyMap<string, string>, name: string): string {
  const entry = [`assembly/${name}.ts`, 'assembly/index.ts'].find((path) => sources.has(path));
  if (entry === undefined) throw new BuildRefusal(`There is neither assembly/${name}.ts nor assembly/index.ts.`);
  return entry;
}

function withAdvice(refusal: BuildRefusal): string {
  const isPackage = refusal.problems.some(({ message }) => /^File '~lib\/(?!@extism\/as-pdk).*' not found/.test(message));
  return isPackage ? `${refusal.message} Of packages only @extism/as-pdk is at hand in a tab: copy what you need into the folder, or build with "cloche worker build" on your computer.` : refusal.message;
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
