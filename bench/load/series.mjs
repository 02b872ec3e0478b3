// The series of runs that modules in Python and in Rust share.
import { CALLS, inTurns, onFresh, path, say, sayRatio, WAYS } from './live.mjs';
import { load } from './load.mjs';

const MANY = 2_000_000;

/** Inserts without an index in all ways, confirmed and not; `wanted` and `goals` are [not confirmed, confirmed] by way. */
export async function ways(server, echo, module, wanted, goals = {}) {
  await load({ port: server.port, path: path(await server.publish(module), true), ...WAYS.v2, ...CALLS.insert, seconds: 6 });
  for (const way of Object.keys(wanted)) {
    const kinds = { echo: () => echo.run(WAYS[way], CALLS.insert) };
    for (const confirmed of [false, true]) kinds[confirmed] = onFresh(server, module, WAYS[way], CALLS.insert, confirmed);
    const { echo: peer, ...measured } = await inTurns(kinds);
    say(`echo, ${WAYS[way].name}`, peer);
    for (const confirmed of [false, true]) {
      say(`confirmed=${confirmed}, ${WAYS[way].name}`, measured[confirmed], { wanted: wanted[way][Number(confirmed)], goal: goals[way]?.[Number(confirmed)], echo: peer });
    }
  }
}

/** Version 2, not confirmed: fresh databases against one that has 2 million rows already. */
export async function growth(server, module, what, call, fill, wanted) {
  const large = await server.publish(module);
  await server.fill(large, fill, MANY);
  const { fresh, many } = await inTurns({
    fresh: onFresh(server, module, WAYS.v2, call, false),
    many: () => load({ port: server.port, path: path(large, false), ...WAYS.v2, ...call }),
  });
  say(`${what}, fresh`, fresh);
  sayRatio(`${what}, with 2 million rows in the table`, many, fresh, wanted);
  await server.drop(large);
}
