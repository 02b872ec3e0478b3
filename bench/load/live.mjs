// A server with databases for the benchmarks, and series of runs on it that are fair to each other.
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, ownServer, processorSeconds, ROOT } from '../support.mjs';
import { load, startJava } from './load.mjs';

const FILL = 20_000;

/**
 * BENCH_PORT and BENCH_TOKEN name a server that runs already and a token that may publish there.
 *
 * @returns the server with `publish`, `call`, `count`, `fill`, `remove`
 */
export async function liveServer() {
  const own = process.env.BENCH_PORT ? undefined : await ownServer();
  const port = own?.port ?? Number(process.env.BENCH_PORT);
  const token = own ? publishToken(own.data) : process.env.BENCH_TOKEN;
  return { ...liveAt(port, token), pid: own?.child.pid ?? Number(process.env.BENCH_PID ?? process.pid), data: own?.data, remove: own?.remove ?? (async () => {}) };
}

/** A personal token that may publish on the server of this data directory. */
export function publishToken(data) {
  return execFileSync(join(ROOT, 'cloche'), ['token', 'create', '--scope', 'read', '--scope', 'publish', '--data', data], { encoding: 'utf8' }).trim().split(/\s+/).at(-1);
}

/** The databases of the server at this port. */
export function liveAt(port, token) {
  let databases = 0;
  const ask = async (method, path, body, type = 'application/octet-stream') => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/database/${path}`, { method, body, headers: { authorization: `Bearer ${token}`, 'content-type': type } });
    if (!answer.ok) throw new Error(`${method} ${path} answers ${answer.status} ${await answer.text()}`);
    return answer;
  };
  const call = async (name, reducer, ...args) => { await ask('POST', `${name}/call/${reducer}`, JSON.stringify(args), 'application/json'); };
  return {
    port,
    call,
    publish: async (module, name = `bench-${process.pid}-${databases++}`) => { await ask('PUT', name, module); return name; },
    drop: (name) => ask('DELETE', name),
    count: async (name, table) => {
      const answer = await (await ask('POST', `${name}/sql`, `SELECT COUNT(*) AS n FROM ${table}`, 'text/plain')).json();
      return Number(answer[0].rows[0][0]);
    },
    /** So many rows, a transaction for each 20,000. */
    fill: async (name, reducer, rows) => { for (let first = 0; first < rows; first += FILL) await call(name, reducer, first, Math.min(FILL, rows - first)); },
  };
}

export const PYTHON = () => readFileSync(join(ROOT, 'bench/modules/bench.py'));

/** The module in Rust, built from its source; nothing where something is missing for that, which is said. */
export function rustModule() {
  const folder = join(ROOT, 'build/bench-rust');
  try {
    cpSync(join(ROOT, 'bench/modules/rust'), folder, { recursive: true });
    execFileSync('cargo', ['build', '--quiet', '--release', '--target', 'wasm32-unknown-unknown'], { cwd: folder, stdio: ['ignore', 'inherit', 'pipe'] });
    return readFileSync(join(folder, 'target/wasm32-unknown-unknown/release/bench.wasm'));
  } catch (error) {
    const why = error.code === 'ENOENT' ? 'there is no cargo' : String(error.stderr ?? error.message).trim().split('\n')[0];
    console.log(`the Rust module is not measured: ${why}; needed are cargo, 'rustup target add wasm32-unknown-unknown', and the crate 'spacetimedb' from a registry`);
    return undefined;
  }
}

const TEXT = `0a000000${'61'.repeat(10)}`;
/** The calls of the module. */
export const CALLS = {
  insert: { reducer: 'send_message', args: TEXT },
  indexed: { reducer: 'add_entry', args: '00000000', drawn: 1, below: 1_000_000 },
  transfer: { reducer: 'transfer', args: `${'00000000'.repeat(2)}01000000`, drawn: 2, below: 100_000 },
};
/** How clients send them. */
export const WAYS = {
  v2: { name: 'v2, 16 connections, 64 in flight', version: 2, connections: 16, inFlight: 64, perFrame: 1 },
  v3: { name: 'v3, 16 connections, 256 in flight, 64 to a frame', version: 3, connections: 16, inFlight: 256, perFrame: 64 },
  single: { name: 'v2, one connection, one at a time', version: 2, connections: 1, inFlight: 1, perFrame: 1 },
  sixteen: { name: 'v2, 16 connections, one at a time each', version: 2, connections: 16, inFlight: 1, perFrame: 1 },
};

export const path = (name, confirmed) => `/v1/database/${name}/subscribe?compression=None&confirmed=${confirmed}`;

export async function startEcho() {
  const echo = await startJava('EchoServer.java');
  return { run: (way, call) => load({ port: echo.port, path: '/echo', ...way, ...call, echo: true }), stop: echo.stop };
}

/**
 * Runs of several kinds in turns, so that all see the same machine and none is always first. Before them each runs once without
 * being counted, so that all are equally warm. BENCH_ROUNDS in the environment says how many turns count.
 *
 * @param kinds functions that make one run, by name
 * @returns the medians, by name
 */
export async function inTurns(kinds, rounds = Number(process.env.BENCH_ROUNDS ?? 3)) {
  const names = Object.keys(kinds);
  const runs = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round) % names.length];
      const one = await kinds[name]();
      if (one.failed) throw new Error(`${name}: ${one.failed} calls failed`);
      if (round > 0) runs[name].push(one);
    }
  }
  return Object.fromEntries(names.map((name) => [name, summary(runs[name])]));
}

function summary(runs) {
  const rates = runs.map((run) => run.callsPerSecond);
  return { rate: median(rates), low: Math.min(...rates), high: Math.max(...rates), p50: median(runs.map((run) => run.p50ms)), p99: median(runs.map((run) => run.p99ms)), perProcessorSecond: median(runs.map((run) => run.perProcessorSecond)) };
}

/** A run with the calls for each second of processor time that a process and those below it have used: whatever else the machine does. */
export async function measured(pid, run) {
  const before = processorSeconds(pid);
  const one = await run();
  return { ...one, perProcessorSecond: one.calls / (processorSeconds(pid) - before) };
}

/** A run of calls on a fresh database, which is gone afterwards. */
export function onFresh(server, module, way, call, confirmed, prepare = async () => {}) {
  return async () => {
    const name = await server.publish(module);
    await prepare(name);
    const run = await measured(server.pid, () => load({ port: server.port, path: path(name, confirmed), ...way, ...call }));
    await server.drop(name);
    return run;
  };
}

const number = (value) => Math.round(value).toLocaleString('en-US');

/** One line: what was measured, as a ratio to the echo where there is one, and whether it is what was wanted. */
export function say(what, measured, { wanted, goal, echo } = {}) {
  const met = wanted === undefined || measured.rate >= wanted;
  const parts = [`${what}: ${number(measured.rate)}/s (${number(measured.low)}-${number(measured.high)})`];
  if (measured.p50 !== undefined) parts.push(`p50 ${measured.p50} ms, p99 ${measured.p99} ms`);
  if (measured.perProcessorSecond) parts.push(`${number(measured.perProcessorSecond)} for a second of processor time`);
  if (echo) parts.push(`${(measured.rate / echo.rate).toFixed(3)} of the echo`);
  if (wanted) parts.push(`wanted at least ${number(wanted)}: ${met ? 'met' : 'MISSED'}`);
  if (goal) parts.push(`goal ${number(goal)}: ${measured.rate >= goal ? 'met' : 'not met'}`);
  console.log(parts.join(', '));
  if (!met) process.exitCode = 1;
}

/** One line with the ratio of two rates, of which the first is wanted to be so many times the other at least, if anything is wanted. */
export function sayRatio(what, measured, against, wanted) {
  const ratio = measured.rate / against.rate;
  const met = wanted === undefined || ratio >= wanted;
  const work = measured.perProcessorSecond && against.perProcessorSecond
    ? `, ${(measured.perProcessorSecond / against.perProcessorSecond).toFixed(2)} by processor time` : '';
  console.log(`${what}: ratio ${ratio.toFixed(2)} (${number(measured.rate)}/s against ${number(against.rate)}/s)${work}${wanted === undefined ? '' : `, wanted at least ${wanted}: ${met ? 'met' : 'MISSED'}`}`);
  if (!met) process.exitCode = 1;
}
