import { Server } from './server';

/** Starts the shared server; the returned function ends it. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const server = await Server.fresh();
  process.env['E2E_PORT'] = String(server.port);
  process.env['E2E_DATA'] = server.data;
  process.env['E2E_TOKEN'] = await server.token();
  return () => server.remove();
}
