import { expect, test } from '@playwright/test';
import { api, send } from '../support/api';
import { Server } from '../support/server';

const FILES = 500;

/** Content that proves itself: its first line says how the rest must look. */
function content(index: number): string {
  return `${index}\n${`line of file ${index}\n`.repeat(200 + index)}`;
}

test('a crash of the server while 500 files are saved loses no acknowledged file and halves none', async () => {
  const server = await Server.fresh();
  try {
    const token = await server.token();
    const call = { port: server.port, token };
    const id = (await api('/api/workspaces', { ...call, method: 'POST', json: { name: 'crash', type: 'PYODIDE' } })).json.workspace.id as string;
    const acknowledged = new Set<number>();
    let crashed: Promise<void> | null = null;

    await Promise.all(
      Array.from({ length: 4 }, async (_, lane) => {
        for (let index = lane; index < FILES; index += 4) {
          try {
            const answer = await api(`/api/workspaces/${id}/files/f${index}.txt`, { ...call, method: 'PUT', body: content(index) });
            if (answer.status < 300) acknowledged.add(index);
          } catch {
            return; // the server is gone
          }
          if (acknowledged.size === FILES / 2) crashed ??= server.crash();
        }
      }),
    );
    await crashed;
    expect(crashed).not.toBeNull();
    expect(acknowledged.size).toBeLessThan(FILES);
    await server.start();

    expect((await send('/health/ready', { port: server.port })).status).toBe(200);
    const tree = (await api(`/api/workspaces/${id}/files`, call)).json.files as { path: string }[];
    const present = new Set(tree.map((file) => Number(/f(\d+)\.txt/.exec(file.path)?.[1])));
    for (const index of acknowledged) expect(present.has(index), `file ${index} was acknowledged`).toBe(true);
    for (const index of present) {
      expect((await api(`/api/workspaces/${id}/files/f${index}.txt`, call)).text).toBe(content(index));
    }
  } finally {
    await server.remove();
  }
});
