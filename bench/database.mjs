// Calls a second of a Python database over the server's WebSockets, against the same frames sent back by the server's WebSockets
// without any work: inserts into a table without an index, also with 2 million rows in it. Client and server share the machine;
// each run has a fresh database. Then one change to 1,000 subscribers.
import { fanOut } from './load/load.mjs';
import { CALLS, liveServer, path, PYTHON, startEcho } from './load/live.mjs';
import { growth, ways } from './load/series.mjs';
import { report } from './support.mjs';

const server = await liveServer();
const echo = await startEcho();
try {
  await ways(server, echo, PYTHON(), { v2: [45_000, 45_000], v3: [], single: [2_500, 1_200] });
  await growth(server, PYTHON(), 'insert, no index', CALLS.insert, 'fill_messages', 0.9);
  for (const confirmed of [false, true]) {
    const one = await fanOut({ port: server.port, path: path(await server.publish(PYTHON()), confirmed), query: 'SELECT * FROM message', ...CALLS.insert, subscribers: 1000, rounds: 100 });
    console.log(`one change to 1,000 subscribers, confirmed=${confirmed}: p50 ${one.p50ms} ms, p99 ${one.p99ms} ms, worst ${one.worstms} ms`);
    report(`one change to 1,000 subscribers, confirmed=${confirmed}, p99`, { measured: one.p99ms, against: 100, wanted: 1 });
  }
} finally {
  await echo.stop();
  await server.remove();
}
