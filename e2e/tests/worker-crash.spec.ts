import { randomInt } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { api, type Answer } from '../support/api';
import { Server } from '../support/server';
import { MATRIX, startWorkerNode, type WorkerNode } from '../support/worker-node';

/** How often something is killed; a hundred times for the record: `E2E_KILLS=100 npx playwright test worker-crash`. */
const KILLS = Number(process.env['E2E_KILLS'] ?? 4);
const LANES = 4;
const BETWEEN_KILLS = 15;

type Victim = 'server' | 'node' | 'postgres';

/** Clients that put tasks into the queue, and one that fetches some of them, whatever becomes of the server. */
class Load {
  readonly accepted = new Map<string, { readonly id: string; readonly expected: string }>();
  fetched = 0;
  private stopping = false;
  private done = false;
  private readonly submitted: Promise<unknown>;
  private readonly ended: Promise<unknown>;

  constructor(private readonly call: (path: string, options?: { readonly method?: string; readonly json?: unknown }) => Promise<Answer>) {
    this.submitted = Promise.all(Array.from({ length: LANES }, (_, lane) => this.submit(lane)));
    this.ended = this.fetch();
  }

  /** Nothing more is put in; what is in the queue is still fetched. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.submitted;
  }

  async end(): Promise<void> {
    this.done = true;
    await this.ended;
  }

  /** A task is sent with the same key until it is accepted, as a client does that hears no answer. */
  private async submit(lane: number): Promise<void> {
    for (let number = 0; !this.stopping; number++) {
      const key = `${lane}/${number}`;
      const factor = lane * 100_000 + number;
      const task = {
        worker: 'matrix', function: 'multiply', key, where: number % 4 === 0 ? 'pull' : 'auto',
        content: JSON.stringify({ A: [[factor, 1]], B: [[2], [3]] }),
      };
      for (;;) {
        const answer = await this.asked('/task', { method: 'POST', json: task });
        if (answer?.status === 200 || answer?.status === 201) {
          this.accepted.set(key, { id: answer.json.id as string, expected: `[[${2 * factor + 3}]]` });
          break;
        }
        if (this.stopping) return;
      }
    }
  }

  private async fetch(): Promise<void> {
    while (!this.done) {
      const answer = await this.asked('/task/next?worker=matrix&wait=2&lease=10');
      if (answer?.status !== 200) continue;
      const { id, lease, input } = answer.json as { id: string; lease: string; input: string };
      const { A, B } = JSON.parse(Buffer.from(input, 'base64').toString()) as { A: number[][]; B: number[][] };
      const content = JSON.stringify([[A[0]![0]! * B[0]![0]! + A[0]![1]! * B[1]![0]!]]);
      let stored = await this.asked(`/task/${id}/result`, { method: 'POST', json: { lease, content } });
      // the same result once more is no other result
      while (stored === null || stored.status >= 500) stored = await this.asked(`/task/${id}/result`, { method: 'POST', json: { lease, content } });
      this.fetched++;
    }
  }

  /** The answer; null while nobody answers. */
  private async asked(path: string, options?: { readonly method?: string; readonly json?: unknown }): Promise<Answer | null> {
    try {
      const answer = await this.call(path, options);
      if (answer.status >= 500) await pause(50);
      return answer;
    } catch {
      await pause(50);
      return null;
    }
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

/** The database's process: the one among the server's children. */
function postgresOf(server: number): number | undefined {
  const stat = (pid: string): { name: string; parent: number } | undefined => {
    try {
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const end = text.lastIndexOf(')');
      return { name: text.slice(text.indexOf('(') + 1, end), parent: Number(text.slice(end + 2).split(' ')[1]) };
    } catch {
      return undefined;
    }
  };
  const found = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).find((pid) => {
    const one = stat(pid);
    return one !== undefined && one.name === 'postgres' && one.parent === server;
  });
  return found === undefined ? undefined : Number(found);
}

test('each accepted task ends with exactly one result, however often server, node and database are killed', async () => {
  test.setTimeout(120_000 + KILLS * 30_000);
  const server = await Server.fresh();
  let node: WorkerNode | null = null;
  const killed: Record<Victim, number> = { server: 0, node: 0, postgres: 0 };
  try {
    const token = await server.token();
    const call = (path: string, options: object = {}): Promise<Answer> => api(path, { port: server.port, token, ...options });
    expect((await call('/api/workers?name=matrix', { method: 'POST', body: readFileSync(MATRIX), headers: { 'content-type': 'application/wasm' } })).status).toBe(201);
    const startNode = (): Promise<WorkerNode> => startWorkerNode(['--coordinator', `http://127.0.0.1:${server.port}`, MATRIX], { CLOCHE_TOKEN: token });
    node = await startNode();
    const load = new Load(call);

    for (let kill = 0; kill < KILLS; kill++) {
      const before = load.accepted.size;
      await expect.poll(() => load.accepted.size, { timeout: 120_000, intervals: [20] }).toBeGreaterThan(before + randomInt(1, BETWEEN_KILLS));
      // each of them at least once, then whoever it hits
      const victim = (['server', 'node', 'postgres'] as const)[kill < 3 ? kill : randomInt(3)]!;
      killed[victim]++;
      if (victim === 'server') {
        await server.crash();
        await server.start();
      } else if (victim === 'node') {
        await node.kill();
        node = await startNode();
      } else {
        const pid = postgresOf(server.pid);
        expect(pid, 'the database runs').toBeDefined();
        process.kill(pid!, 'SIGKILL');
      }
    }
    await load.stop();

    await expect.poll(async () => open(call), { timeout: 120_000, intervals: [200] }).toBe(0);
    await load.end();
    const wrong: string[] = [];
    for (const [key, { id, expected }] of load.accepted) {
      const result = await call(`/result/${id}?wait=30`);
      if (result.status !== 200 || result.text !== expected) wrong.push(`${key}: ${result.status} ${result.text.slice(0, 300)}`);
    }
    const { queue } = (await call('/api/workers/statistics')).json as { queue: Record<string, number> };
    console.log(`kills=${JSON.stringify(killed)} tasks=${load.accepted.size} fetched=${load.fetched} queue=${JSON.stringify(queue)}`);
    expect(wrong).toEqual([]);
    // a task whose acceptance nobody heard of may be there besides: at most one for each lane
    expect(queue['done']).toBeGreaterThanOrEqual(load.accepted.size);
    expect(queue['done']).toBeLessThanOrEqual(load.accepted.size + LANES);
    expect(queue['dead']).toBe(0);
    expect(new Set([...load.accepted.values()].map(({ id }) => id)).size, 'no task is there twice').toBe(load.accepted.size);
  } finally {
    await node?.kill();
    await server.remove();
  }
});

/** How many tasks wait or run; some while the database is away. */
async function open(call: (path: string) => Promise<Answer>): Promise<number> {
  const answer = await call('/api/workers/statistics').catch(() => null);
  if (answer?.status !== 200) return Number.NaN;
  const { queue } = answer.json as { queue: Record<string, number> };
  return queue['waiting']! + queue['running']!;
}
