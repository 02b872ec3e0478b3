// Transfers between two of 100,000 accounts through the protocol, against a stored procedure of PostgreSQL over its protocol and
// SQLite in a file, behind the same WebSockets as ours: the same number of connections, the same calls in flight, and the same
// promise (confirmed: on disk before the answer).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CALLS, inTurns, liveServer, onFresh, PYTHON, rustModule, say, sayRatio, startEcho, WAYS } from './load/live.mjs';
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
  for (const [way, confirmed] of [['v2', false], ['v2', true], ['sixteen', true]]) {
    const { connections, inFlight, name } = WAYS[way];
    const kinds = {
      echo: () => echo.run(WAYS[way], CALL),
      PostgreSQL: () => postgresTransfers({ port: postgres.port, password: postgres.said[1], confirmed, connections, inFlight, below: ACCOUNTS }),
      SQLite: () => load({ port: sqlite.port, path: confirmed ? '/confirmed' : '/quick', ...WAYS[way], ...CALL, echo: true }),
    };
    for (const [language, module] of Object.entries(modules)) {
      if (module) kinds[language] = onFresh(server, module, WAYS[way], CALL, confirmed, (database) => server.fill(database, 'open_accounts', ACCOUNTS));
    }
    const measured = await inTurns(kinds);
    for (const peer of ['PostgreSQL', 'SQLite']) say(`transfers in ${peer}, confirmed=${confirmed}, ${name}`, measured[peer]);
    for (const language of Object.keys(modules).filter((one) => measured[one])) {
      say(`transfers in ${language}, confirmed=${confirmed}, ${name}`, measured[language], { echo: measured.echo });
      for (const peer of ['PostgreSQL', 'SQLite']) sayRatio(`transfers in ${language} against ${peer}, confirmed=${confirmed}, ${name}`, measured[language], measured[peer], 3);
    }
  }
} finally {
  await echo.stop();
  await sqlite.stop();
  await postgres.stop();
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
}
