import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { api, send } from '../support/api';
import { ROOT, Server } from '../support/server';

const FILES = 500;
const CALLS = 400;

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

test('a crash of the server while a live database takes calls loses no confirmed one and does none twice', async () => {
  const server = await Server.fresh();
  try {
    const token = await server.token();
    const call = { port: server.port, token };
    const module = readFileSync(join(ROOT, 'examples/chat/chat.py'));
    expect((await api('/v1/database/crash', { ...call, method: 'PUT', body: module })).status).toBe(200);
    const confirmed = new Set<string>();
    let crashed: Promise<void> | null = null;

    await Promise.all(
      Array.from({ length: 8 }, async (_, lane) => {
        for (let index = 0; crashed === null; index++) {
          const text = `line ${lane}/${index}`;
          try {
            const answer = await api('/v1/database/crash/call/send_message', { ...call, method: 'POST', json: [text] });
            if (answer.status === 200) confirmed.add(text);
          } catch {
            return; // the server is gone
          }
          if (confirmed.size === CALLS) crashed ??= server.crash();
        }
      }),
    );
    await crashed;
    expect(crashed).not.toBeNull();
    await server.start();

    const rows = (await api('/v1/database/crash/sql', { ...call, method: 'POST', body: 'SELECT text FROM message' })).json[0].rows as [string][];
    const texts = rows.map(([text]) => text);
    expect(new Set(texts).size, 'no line is there twice').toBe(texts.length);
    for (const text of confirmed) expect(texts, `${text} was confirmed`).toContain(text);
  } finally {
    await server.remove();
  }
});
