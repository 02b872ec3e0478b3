import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { api, unique } from '../support/api';
import { freePort, ROOT, sharedServer } from '../support/server';
import { startWorkerNode } from '../support/worker-node';
import { callWorker, example, places, publishWorker } from '../support/workers';

const run = promisify(execFile);
const SIZE = 200;

/** The input of `multiply_f64`: rows, inner and columns as u32, a zero, both matrices row by row. */
function matrices(): Buffer {
  const bytes = Buffer.alloc(16 + 16 * SIZE * SIZE);
  [SIZE, SIZE, SIZE, 0].forEach((value, k) => bytes.writeUInt32LE(value, 4 * k));
  for (let k = 0; k < 2 * SIZE * SIZE; k++) bytes.writeDoubleLE((k % 17) - 8, 16 + 8 * k);
  return bytes;
}

test('a large call of a node that says where it is goes there itself, and both sides count it', async () => {
  const { port: serverPort, data } = sharedServer();
  const { name } = await publishWorker('matrix', example('matrix').bundle);
  const token = async (scopes: string) => (await run(join(ROOT, 'cloche'), ['token', 'create', '--scope', scopes, '--data', data])).stdout.trim();
  const port = await freePort();
  const label = unique('node');
  const words = ['--coordinator', `http://127.0.0.1:${serverPort}`, '--public-url', `http://127.0.0.1:${port}`, '--name', label];
  const node = await startWorkerNode(words, { CLOCHE_TOKEN: await token('work') }, port);
  const folder = mkdtempSync(join(tmpdir(), 'cloche-e2e-'));
  try {
    const place = async () => (await places()).find((one) => one.name === label);
    await expect.poll(async () => (await place())?.name).toBe(label);
    const { id } = (await place())!;
    const input = matrices();
    const expected = (await callWorker(name, 'multiply_f64', input, 'local')).bytes;
    writeFileSync(join(folder, 'input'), input);
    const environment = { ...process.env, CLOCHE_URL: `http://127.0.0.1:${serverPort}`, CLOCHE_TOKEN: await token('read,write') };
    const call = async () => {
      await run(join(ROOT, 'cloche'), ['worker', 'call', name, 'multiply_f64', '--where', id, '-f', join(folder, 'input'), '-o', join(folder, 'output')], { env: environment });
      return readFileSync(join(folder, 'output')).equals(expected);
    };
    const made = async () => /cloche_node_calls_total\{[^}]*function="multiply_f64"[^}]*outcome="ok"\} (\d+)/.exec(await (await fetch(`${node.url}/metrics`)).text())?.[1] ?? '0';

    // the node has not got the worker yet: the first call goes by the server, which gives it
    expect(await call()).toBe(true);
    expect(await made()).toBe('0');
    expect(await call()).toBe(true);
    expect(await made()).toBe('1');
    await expect.poll(async () => (await place())?.ran).toBe(2);
    const shown = await fetch(`${node.url}/ticket-call`, { method: 'POST', headers: { authorization: 'Bearer forged' }, body: new Uint8Array(input) });
    expect(shown.status).toBe(401);
    const pulled = await api(`/api/workers/${name}/ticket/multiply_f64`, { method: 'POST', token: await token('read') });
    expect(pulled.status).toBe(403);
  } finally {
    await node.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
