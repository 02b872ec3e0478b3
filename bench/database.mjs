// Calls a second of a Python database (the example chat: send_message inserts a row into a table without an index) over the
// server's WebSockets, against the same frames sent back by the server's WebSockets without any work. Client and server share
// the machine; each database is fresh. Then one change to 1,000 subscribers.
// BENCH_PORT and BENCH_TOKEN name a server that runs already and a token that may publish there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fanOut, load, startJava } from './load/load.mjs';
import { median, ownServer, report, ROOT } from './support.mjs';

const TEXT = { reducer: 'send_message', args: `0a000000${'61'.repeat(10)}` };
const ROUNDS = 3;
const CASES = [
  { name: 'v2, 16 connections, 64 in flight', version: 2, connections: 16, inFlight: 64, perFrame: 1 },
  { name: 'v3, 16 connections, 256 in flight, 64 to a frame', version: 3, connections: 16, inFlight: 256, perFrame: 64 },
  { name: 'v2, one connection, one at a time', version: 2, connections: 1, inFlight: 1, perFrame: 1 },
];

async function running() {
  if (process.env.BENCH_PORT) return { port: Number(process.env.BENCH_PORT), token: process.env.BENCH_TOKEN, remove: async () => {} };
  const own = await ownServer();
  return { ...own, token: own.cloche('token', 'create', '--scope', 'read', '--scope', 'publish').split(/\s+/).at(-1) };
}

const server = await running();
const echo = await startJava('EchoServer.java');
let databases = 0;

async function fresh() {
  const name = `bench-${process.pid}-${databases++}`;
  const answer = await fetch(`http://127.0.0.1:${server.port}/v1/database/${name}`, {
    method: 'PUT', body: readFileSync(join(ROOT, 'examples/chat/chat.py')), headers: { authorization: `Bearer ${server.token}` },
  });
  if (!answer.ok) throw new Error(`publishing answers ${answer.status} ${await answer.text()}`);
  return name;
}

const path = (name, confirmed) => `/v1/database/${name}/subscribe?compression=None&confirmed=${confirmed}`;
const line = (what, runs) => {
  const rate = median(runs.map((one) => one.callsPerSecond));
  const all = runs.map((one) => one.callsPerSecond);
  console.log(`${what}: ${rate} calls/s (${Math.min(...all)}-${Math.max(...all)}), p50 ${median(runs.map((one) => one.p50ms))} ms, p99 ${median(runs.map((one) => one.p99ms))} ms`);
  return rate;
};

try {
  const warm = await fresh();
  await load({ port: server.port, path: path(warm, true), ...CASES[0], ...TEXT, seconds: 8 });
  await load({ port: echo.port, path: '/echo', ...CASES[0], ...TEXT, echo: true, seconds: 8 });
  for (const { name, ...one } of CASES) {
    const runs = { echo: [], false: [], true: [] };
    const database = { false: await fresh(), true: await fresh() };
    for (let round = 0; round < ROUNDS; round++) {
      // one after the other, so that all see the same machine
      runs.echo.push(await load({ port: echo.port, path: '/echo', ...one, ...TEXT, echo: true }));
      for (const confirmed of ['false', 'true']) runs[confirmed].push(await load({ port: server.port, path: path(database[confirmed], confirmed), ...one, ...TEXT }));
    }
    const peer = line(`echo, ${name}`, runs.echo);
    for (const confirmed of ['false', 'true']) {
      if (runs[confirmed].some((run) => run.failed)) throw new Error('calls failed');
      const rate = line(`confirmed=${confirmed}, ${name}`, runs[confirmed]);
      console.log(`confirmed=${confirmed}, ${name}: ratio ${(rate / peer).toFixed(2)} to the echo`);
    }
  }
  for (const confirmed of ['false', 'true']) {
    const one = await fanOut({ port: server.port, path: path(await fresh(), confirmed), query: 'SELECT * FROM message', ...TEXT, subscribers: 1000, rounds: 100 });
    console.log(`one change to 1,000 subscribers, confirmed=${confirmed}: p50 ${one.p50ms} ms, p99 ${one.p99ms} ms, worst ${one.worstms} ms`);
    report(`one change to 1,000 subscribers, confirmed=${confirmed}, p99`, { measured: one.p99ms, against: 100, wanted: 1 });
  }
} finally {
  await echo.stop();
  await server.remove();
}
