import type { components, WorkerHostSettings } from '@/protocol';
import { problemOf } from '@/platform/api';

/** Where a call may run: chosen by the server, on it, on some node, in some tab, or on the one with this identifier. */
export type Where = 'auto' | 'local' | 'node' | 'tab' | (string & {});

export interface ServerCall {
  readonly worker: string;
  readonly function: string;
  readonly input: Uint8Array<ArrayBuffer>;
  readonly isJson: boolean;
  readonly where: Where;
  /** Parts; 0 for as many as there is room for. Left out: not divided. */
  readonly divide?: number | 'auto';
  readonly signal?: AbortSignal;
}

/** What the server says of a call that it had run. */
export interface ServerAnswer {
  readonly output: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  /** Identifiers of the places, one for each part; `local` is the server. */
  readonly ranOn: readonly string[];
  readonly ranMs: number;
  readonly digest: string;
  readonly isHedged: boolean;
  /** With the way there and back. */
  readonly wholeMs: number;
}

/** Calls a function by the API. Refusals are thrown as `ApiProblem`. */
export async function callOnServer({ worker, function: name, input, isJson, where, divide, signal }: ServerCall): Promise<ServerAnswer> {
  const query = new URLSearchParams({ where, ...(divide !== undefined && { divide: String(divide) }) });
  const started = performance.now();
  const response = await fetch(`/api/workers/${encodeURIComponent(worker)}/call/${encodeURIComponent(name)}?${query}`, {
    method: 'POST',
    body: input,
    headers: { 'content-type': isJson ? 'application/json' : 'application/octet-stream' },
    ...(signal && { signal }),
  });
  if (!response.ok) throw await problemOf(response);
  const output = new Uint8Array(await response.arrayBuffer());
  const { headers } = response;
  return {
    output,
    contentType: headers.get('content-type') ?? '',
    ranOn: (headers.get('cloche-ran-on') ?? '').split(',').map((place) => place.trim()).filter((place) => place !== ''),
    ranMs: Number(headers.get('cloche-ran-ms') ?? 0),
    digest: headers.get('cloche-digest') ?? '',
    isHedged: headers.get('cloche-hedged') === 'true',
    wholeMs: performance.now() - started,
  };
}

/** The file of a version, as it was published. */
export async function workerFile(worker: string, digest: string): Promise<ArrayBuffer> {
  const response = await fetch(`/api/workers/${encodeURIComponent(worker)}/versions/${digest}`);
  if (!response.ok) throw await problemOf(response);
  return response.arrayBuffer();
}

/** Publishes a file; a worker of this name gets a new version. */
export async function publishWorker(name: string, file: Blob, project?: string): Promise<{ readonly isNew: boolean; readonly answer: components['schemas']['WorkerAnswer'] }> {
  const head = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const isZip = head[0] === 0x50 && head[1] === 0x4b;
  const query = new URLSearchParams({ name, ...(project !== undefined && { project }) });
  const response = await fetch(`/api/workers?${query}`, { method: 'POST', body: file, headers: { 'content-type': isZip ? 'application/zip' : 'application/wasm' } });
  if (!response.ok) throw await problemOf(response);
  return { isNew: response.status === 201, answer: (await response.json()) as components['schemas']['WorkerAnswer'] };
}

/** What a worker is given in a tab, as its project set it; those with secrets do not come here. */
export function settingsInTab({ settings }: components['schemas']['Worker']): WorkerHostSettings {
  const config = Object.fromEntries(Object.entries(settings.config ?? {}).map(([key, { value }]) => [key, value ?? '']));
  return { config, ...(settings.memoryPages !== undefined && { memoryPages: settings.memoryPages }) };
}
