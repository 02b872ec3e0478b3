import type { FullConfig } from '@playwright/test';
import { Server, type SharedServer } from './server';

/** Starts the shared servers, one for each lane; the returned function ends them. */
export default async function globalSetup({ workers }: FullConfig): Promise<() => Promise<void>> {
  const servers: Server[] = [];
  const remove = async () => { for (const server of servers) await server.remove(); };
  try {
    const shared: SharedServer[] = [];
    // one after the other: a port is free until its server has started
    for (let lane = 0; lane < workers; lane++) {
      // with the real compilers: e2e/tests/worker-compilers.spec.ts
      const server = await Server.fresh({ CLOCHE_WORKERS_BUILD: 'unsandboxed-rust' });
      servers.push(server);
      shared.push({ port: server.port, data: server.data, token: await server.token() });
    }
    process.env['E2E_SERVERS'] = JSON.stringify(shared);
    return remove;
  } catch (error) {
    await remove();
    throw error;
  }
}
