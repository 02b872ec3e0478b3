import { ApiProblem, problemOf } from '@/platform/api';
import type { components } from '@/protocol';

type Schemas = components['schemas'];
export type Unresolvable = Schemas['UnresolvableProblem'];

/** A step of an installation; `done` of `total` packages or bytes, as far as they are known. */
export interface PackageProgress {
  readonly phase: string;
  readonly package?: string | null;
  readonly done?: number | null;
  readonly total?: number | null;
  readonly bytes?: number | null;
}

type Line = PackageProgress | { readonly result: Schemas['WorkspacePackages'] } | { readonly problem: Partial<Schemas['Problem']> };

/** Packages that cannot be had, each with its cause and what would help. */
export class PackageRefusal extends Error {
  constructor(
    message: string,
    readonly reasons: Unresolvable['reasons'],
  ) {
    super(message);
  }
}

/** Changes the packages of a workspace; the server tells each step while it works. */
export async function changePackages(workspaceId: string, change: Schemas['PackagesChange'], onProgress: (progress: PackageProgress) => void): Promise<Schemas['WorkspacePackages']> {
  const answer = await fetch(`/api/workspaces/${encodeURIComponent(workspaceId)}/packages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
    body: JSON.stringify(change),
  }).catch(() => {
    throw new ApiProblem(0, { title: 'Server not reachable', detail: 'The server does not answer. Packages need it.' });
  });
  if (!answer.ok || answer.body === null) throw refusalOf(await problemOf(answer));
  for await (const line of linesOf(answer.body)) {
    if ('result' in line) return line.result;
    if ('problem' in line) throw refusalOf(new ApiProblem(line.problem.status ?? 500, line.problem));
    onProgress(line);
  }
  throw new ApiProblem(0, { title: 'Interrupted', detail: 'The server ended its answer early. Try again.' });
}

const phases: Readonly<Record<string, string>> = { resolve: 'Choosing versions', fetch: 'Fetching', write: 'Writing the lock' };

/** How far an installation is, in words. */
export function progressWords(progress: PackageProgress): string {
  const count = (progress.total ?? 0) === 0 ? '' : ` (${progress.done ?? 0} of ${progress.total})`;
  const name = (progress.package ?? '') === '' ? '' : ` ${progress.package}`;
  return `${phases[progress.phase] ?? progress.phase}${name}${count}`;
}

function refusalOf(problem: ApiProblem): Error {
  return 'reasons' in problem.problem ? new PackageRefusal(problem.message, problem.problem.reasons as Unresolvable['reasons']) : problem;
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
    const lines = rest.split('\n');
    rest = done ? '' : (lines.pop() ?? '');
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as Line;
    if (done) return;
  }
}
