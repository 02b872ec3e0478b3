// The same calls as in `database`, of a module in Rust that is built here from its source. Wanted are the original's figures on an
// idle machine of this kind; the goal is 1.2 of them.
import { CALLS, liveServer, rustModule, startEcho } from './load/live.mjs';
import { growth, ways } from './load/series.mjs';

const WANTED = { v2: [55_000, 47_000], v3: [80_000, 80_000], single: [2_500, 1_200] };
const GOALS = { v2: [66_000, 56_400], v3: [96_000, 96_000] };

const module = rustModule();
if (module) {
  const server = await liveServer();
  const echo = await startEcho();
  try {
    await ways(server, echo, module, WANTED, GOALS);
    await growth(server, module, 'insert, no index', CALLS.insert, 'fill_messages', 0.9);
    await growth(server, module, 'insert, key and index', CALLS.indexed, 'fill_entries', 0.9);
  } finally {
    await echo.stop();
    await server.remove();
  }
}
