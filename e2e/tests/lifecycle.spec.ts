import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { send } from '../support/api';
import { Server } from '../support/server';

/** The processes whose command line or open files name this data directory. */
function processesOf(data: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(data) || readlinkSync(`/proc/${pid}/cwd`).startsWith(data);
      } catch {
        return false;
      }
    })
    .map(Number);
}

test('a clean stop leaves no process, and what was made is there after the next start', async () => {
  const server = await Server.fresh();
  try {
    expect(server.signInUrl).toMatch(new RegExp(`^http://cloche\\.localhost:${server.port}/sign-in#`));
    const token = await server.token();
    expect(processesOf(server.data).length).toBeGreaterThan(0);

    let fastest = Infinity;
    // the limit is the server's; a machine that is busy elsewhere may miss it, a server that is too slow always does
    for (let attempt = 0; attempt < 3 && fastest > 10_000; attempt++) {
      await server.start();
      const started = Date.now();
      await server.stop();
      fastest = Math.min(fastest, Date.now() - started);
      await expect.poll(() => processesOf(server.data)).toEqual([]);
    }
    expect(fastest).toBeLessThanOrEqual(10_000);

    await server.start();
    const projects = await send('/api/projects', { port: server.port, headers: { authorization: `Bearer ${token}` } });
    expect(projects.status).toBe(200);
    expect(projects.json.projects).toHaveLength(1);
  } finally {
    await server.remove();
  }
});

test('the detached server answers status and stop', async () => {
  const server = await Server.fresh();
  try {
    const status = await server.cloche('status', '--json');
    expect(JSON.parse(status)).toMatchObject({ running: true });
    await server.cloche('stop');
    await expect.poll(() => processesOf(server.data)).toEqual([]);
  } finally {
    await server.remove();
  }
});
