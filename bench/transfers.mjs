// Transfers between two of 100,000 accounts through the protocol, against a stored procedure of PostgreSQL over its protocol and
// SQLite in a file, behind the same WebSockets as ours: the same number of connections, the same calls in flight, and the same
// promise (confirmed: on disk before the answer).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CALLS, inTurns, liveServer, measured, onFresh, PYTHON, rustModule, say, sayRatio, startEcho, WAYS } from './load/live.mjs';
import { load, postgresTransfers, startJava } from './load/load.mjs';
import { testClassPath } from './support.mjs';

const ACCOUNTS = 100_000;
const CALL = { ...CALLS.transfer, below: ACCOUNTS };
const folder = mkdtempSync(join(tmpdir(), 'cloche-bench-'));
const modules = { Python: PYTHON(), Rust: rustModule() };
const libraries = testClassPath('tables', folder);
const server = await liveServer();
const postgres = await startJava('PostgresPeer.java', [join(folder, 'postgres'), String(ACCOUNTS)]);
const sqlite = await startJava('SqlitePeer.java', [join(folder, 'accounts'), String(ACCOUNTS)], libraries);
const echo = await startEcho();

try {
  // where each client waits for the disk before it goes on, the disk is what is compared: nothing is wanted of that
  for (const [way, confirmed, wanted] of [['v2', false, 3], ['v2', true, 3], ['sixteen', true]]) {
    const { connections, inFlight, name } = WAYS[way];
    const kinds = {
      echo: () => echo.run(WAYS[way], CALL),
      PostgreSQL: () => measured(postgres.pid, () => postgresTransfers({ port: postgres.port, password: postgres.said[1], confirmed, connections, inFlight, below: ACCOUNTS })),
      SQLite: () => measured(sqlite.pid, () => load({ port: sqlite.port, path: confirmed ? '/confirmed' : '/quick', ...WAYS[way], ...CALL, echo: true, seconds: confirmed ? 6 : 2 })), // it answers in bursts when each has to wait for the disk
    };
    for (const [language, module] of Object.entries(modules)) {
      if (module) kinds[language] = onFresh(server, module, WAYS[way], CALL, confirmed, (database) => server.fill(database, 'open_accounts', ACCOUNTS));
    }
    const figures = await inTurns(kinds);
    for (const peer of ['PostgreSQL', 'SQLite']) say(`transfers in ${peer}, confirmed=${confirmed}, ${name}`, figures[peer]);
    for (const language of Object.keys(modules).filter((one) => figures[one])) {
      say(`transfers in ${language}, confirmed=${confirmed}, ${name}`, figures[language], { echo: figures.echo });
      for (const peer of ['PostgreSQL', 'SQLite']) sayRatio(`transfers in ${language} against ${peer}, confirmed=${confirmed}, ${name}`, figures[language], figures[peer], wanted);
    }
  }
} finally {
  await echo.stop();
  await sqlite.stop();
  await postgres.stop();
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
}
