import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { api, unique, type Answer } from './api';
import { ROOT, sharedServer } from './server';
import { startWorkerNode, type WorkerNode } from './worker-node';
import { zip } from '../../web/test/host/zip';

const EXAMPLES = join(ROOT, 'examples/workers');

/** A case of `vectors/*.json`: what a function of a worker answers. */
export interface Vector {
  readonly name: string;
  readonly function: string;
  readonly input: Form;
  readonly output?: Form;
  readonly error?: { readonly field?: string; readonly rule?: string; readonly message: string };
}
type Form = { readonly text: string } | { readonly base64: string };

export const bytesOf = (form: Form): Buffer => ('text' in form ? Buffer.from(form.text) : Buffer.from(form.base64, 'base64'));

/** The example workers of the repository. */
export function exampleWorkers(): string[] {
  return readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory() && readdirSync(join(EXAMPLES, entry.name)).includes('worker.json')).map(({ name }) => name).sort();
}

/** The bundle of an example, and what it must answer. */
export function example(name: string): { readonly bundle: Buffer; readonly vectors: readonly Vector[] } {
  const folder = join(EXAMPLES, name);
  const manifest = readFileSync(join(folder, 'worker.json'));
  const { wasm } = JSON.parse(manifest.toString()) as { wasm: readonly { path: string; simd?: string }[] };
  const files = wasm.flatMap(({ path, simd }) => (simd === undefined ? [path] : [path, simd]));
  const vectors = readdirSync(join(folder, 'vectors')).sort().flatMap((file) => JSON.parse(readFileSync(join(folder, 'vectors', file), 'utf8')) as Vector[]);
  return { bundle: zip({ 'worker.json': manifest, ...Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file))])) }), vectors };
}

/** Publishes a worker under a name that nobody else has; the name and the digest. */
export async function publishWorker(word: string, file: Buffer): Promise<{ readonly name: string; readonly digest: string }> {
  const name = unique(word);
  const type = file.subarray(0, 2).toString() === 'PK' ? 'application/zip' : 'application/wasm';
  const answer = await api(`/api/workers?name=${name}`, { method: 'POST', body: file, headers: { 'content-type': type } });
  if (answer.status !== 201) throw new Error(answer.text);
  return { name, digest: answer.json.worker.digest as string };
}

export function callWorker(name: string, called: string, input: Buffer, where: string, more = ''): Promise<Answer> {
  return api(`/api/workers/${name}/call/${encodeURIComponent(called)}?where=${where}${more}`, { method: 'POST', body: input, headers: { 'content-type': 'application/octet-stream' } });
}

export interface PlaceView {
  readonly id: string;
  readonly kind: 'local' | 'node' | 'tab';
  readonly name: string;
  readonly engine: string;
  readonly slots: number;
  readonly ran: number;
}

export async function places(): Promise<readonly PlaceView[]> {
  return (await api('/api/nodes')).json.nodes as PlaceView[];
}

/** Lends the tab of this page, and waits until the server knows it; the place's identifier. */
export async function lendTab(page: Page): Promise<string> {
  await page.goto(`${sharedServer().url}/workers?tab=places`);
  await page.getByRole('button', { name: 'Lend this tab' }).click();
  const dialog = page.getByRole('dialog', { name: 'Lend this tab' });
  await dialog.getByRole('button', { name: 'Lend it' }).click();
  await expect(dialog.getByRole('status')).toContainText('Lent, as place');
  const id = /place (\w+)/.exec((await dialog.getByRole('status').textContent()) ?? '')?.[1] ?? '';
  await dialog.getByRole('contentinfo').or(dialog).getByRole('button', { name: 'Close' }).last().click();
  return id;
}

/** A node with a name, lent to the shared server, which knows it by now. */
export async function lentNode(slots = 1): Promise<WorkerNode & { readonly name: string }> {
  const name = unique('node');
  const { port, data } = sharedServer();
  const node = await startWorkerNode(['--slots', String(slots), '--name', name, '--coordinator', `http://127.0.0.1:${port}`], { CLOCHE_TOKEN: await workToken(data) });
  await expect.poll(async () => (await places()).some((place) => place.name === name)).toBe(true);
  return { ...node, name };
}

async function workToken(data: string): Promise<string> {
  const { execFile } = await import('node:child_process');
  const { promisify } = await import('node:util');
  const { stdout } = await promisify(execFile)(join(ROOT, 'cloche'), ['token', 'create', '--scope', 'work', '--data', data]);
  return stdout.trim();
}
