import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { api } from '../support/api';
import { ROOT, Server } from '../support/server';

const CLIENTS = 12;
const KILLS = 3;
const BETWEEN_KILLS = 150;

/** What the page's clients did and hold; it lives in the page, because the clients are WebSockets of the browser. */
interface Clients {
  readonly confirmed: string[];
  readonly sent: number;
  readonly waiting: number;
  /** What each client was told of the table since its last connection. */
  readonly caches: string[][];
}

declare global {
  interface Window {
    clients: { report: () => Clients; stop: () => void };
  }
}

/** Runs in the page: so many clients that watch the messages and send some, and connect again whenever their socket ends. */
function startClients([address, count]: readonly [string, number]): void {
  interface Tables { tables: { updates: { inserts: string[]; deletes: string[] }[] }[] }
  const confirmed: string[] = [];
  const caches: Map<string, number>[] = [];
  let sent = 0;
  let waiting = 0;
  let stopping = false;

  const text = (row: string): string => {
    const value = JSON.parse(row) as { text: string } | unknown[];
    return Array.isArray(value) ? (value[2] as string) : value.text;
  };
  const apply = (cache: Map<string, number>, changes: Tables): void => {
    for (const update of changes.tables.flatMap((table) => table.updates)) {
      for (const row of update.deletes) cache.delete(text(row));
      for (const row of update.inserts) cache.set(text(row), (cache.get(text(row)) ?? 0) + 1);
    }
  };
  const connect = (lane: number): void => {
    const cache = new Map<string, number>();
    const asked = new Map<number, string>();
    const socket = new WebSocket(address, 'v1.json.spacetimedb');
    const call = (): void => {
      if (stopping) return;
      const line = `line ${lane}/${sent++}`;
      asked.set(sent, line);
      waiting++;
      socket.send(JSON.stringify({ CallReducer: { reducer: 'send_message', args: JSON.stringify([line]), request_id: sent, flags: 0 } }));
    };
    caches[lane] = cache;
    socket.onopen = () => socket.send(JSON.stringify({ Subscribe: { query_strings: ['SELECT * FROM message'], request_id: 0 } }));
    socket.onmessage = (event) => {
      const [kind, body] = Object.entries(JSON.parse(event.data as string) as Record<string, any>)[0]!;
      if (kind === 'InitialSubscription') {
        apply(cache, body.database_update);
        for (let i = 0; i < 4; i++) call();
      } else if (kind === 'TransactionUpdateLight') {
        apply(cache, body.update);
      } else if (kind === 'TransactionUpdate') {
        if (body.status.Committed) apply(cache, body.status.Committed);
        const line = asked.get(body.reducer_call.request_id);
        if (line === undefined) return;
        asked.delete(body.reducer_call.request_id);
        waiting--;
        if (body.status.Committed) confirmed.push(line);
        call();
      }
    };
    socket.onclose = () => {
      waiting -= asked.size;
      setTimeout(() => connect(lane), 200);
    };
  };
  for (let lane = 0; lane < count; lane++) connect(lane);
  window.clients = {
    report: () => ({ confirmed, sent, waiting, caches: caches.map((cache) => [...cache].flatMap(([line, times]) => Array<string>(times).fill(line)).sort()) }),
    stop: () => { stopping = true; },
  };
}

test('clients on sockets lose no confirmed transaction and hold what the tables hold, however often the server is killed', async ({ page }) => {
  const server = await Server.fresh();
  try {
    const call = { port: server.port, token: await server.token() };
    expect((await api('/v1/database/kills', { ...call, method: 'PUT', body: readFileSync(join(ROOT, 'examples/chat/chat.py')) })).status).toBe(200);
    await page.goto(`http://cloche.localhost:${server.port}/`);
    await page.evaluate(startClients, [`ws://cloche.localhost:${server.port}/v1/database/kills/subscribe?confirmed=true&compression=None`, CLIENTS] as const);
    const report = (): Promise<Clients> => page.evaluate(() => window.clients.report());
    const enough = async (least: number): Promise<void> => expect.poll(async () => (await report()).confirmed.length, { timeout: 120_000, intervals: [50] }).toBeGreaterThan(least);

    for (let kill = 0; kill < KILLS; kill++) {
      await enough((await report()).confirmed.length + BETWEEN_KILLS);
      await server.crash();
      await server.start();
    }
    await enough((await report()).confirmed.length + BETWEEN_KILLS);
    await page.evaluate(() => window.clients.stop());
    await expect.poll(async () => (await report()).waiting, { timeout: 60_000 }).toBe(0);

    const rows = (await api('/v1/database/kills/sql', { ...call, method: 'POST', body: 'SELECT text FROM message' })).json[0].rows as [string][];
    const lines = rows.map(([line]) => line).sort();
    const { confirmed, sent } = await report();
    expect(new Set(lines).size, 'nothing is there twice').toBe(lines.length);
    expect(lines.length, 'nothing is there that was not sent; the module itself says welcome').toBeLessThanOrEqual(sent + 1);
    const there = new Set(lines);
    expect(confirmed.filter((line) => !there.has(line)), 'what was confirmed is there').toEqual([]);
    await expect.poll(async () => (await report()).caches.filter((cache) => cache.join() !== lines.join()).length, { timeout: 60_000 }).toBe(0);
  } finally {
    await server.remove();
  }
});
