// The coordinator: what two nodes gain over one for products of 512 x 512, and what its choice costs for small matrices
// against the best fixed choice. Each node has a processor of its own; server, PostgreSQL and client share both with them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, ownServer, processorSeconds, report } from './support.mjs';
import { Client } from './workers/client.mjs';
import { MATRIX, freePort, matrices, node } from './workers/support.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'cloche-bench-'));
const client = new Client();
const server = await ownServer();
const nodes = [];
try {
  const token = server.cloche('token', 'create', '--scope', 'read,write,publish,work');
  const bundle = join(scratch, 'matrix.worker');
  execFileSync('python3', ['-c', 'import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], "w") as z:\n  [z.write(sys.argv[2] + "/" + f, f) for f in ("worker.json", "matrix.wasm", "matrix.simd.wasm")]', bundle, MATRIX]);
  server.cloche('worker', 'publish', bundle);
  for (const [processor, name] of ['one', 'two'].entries()) {
    const port = await freePort();
    const words = ['--coordinator', server.url, '--public-url', `http://127.0.0.1:${port}`, '--name', name, '--slots', '1', bundle];
    nodes.push(await node(words, { port, processor, environment: { CLOCHE_TOKEN: token } }));
  }
  const [one, two] = await linked(token, 2);
  const call = caller(token);
  await direct();
  await carried(call, one, two);
  await tickets(token, one, two);
  await divided(call, one, 512, 20);
  await divided(call, one, 1024, 9);
  await choice(call, one);
} finally {
  client.close();
  await Promise.all(nodes.map((one) => one.stop()));
  await server.remove();
  rmSync(scratch, { recursive: true, force: true });
}

/** A call by the coordinator: its answer's bytes, or, where they are known before, the milliseconds until they had come. */
function caller(token) {
  const headers = { host: `cloche.localhost:${server.port}`, authorization: `Bearer ${token}` };
  return (input, query, expected) => {
    const to = { port: server.port, path: `/api/workers/matrix/call/multiply_f64?${query}`, headers };
    return expected ? client.expect(to, input, expected) : client.post(to, input);
  };
}

async function linked(token, count) {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${server.port}/api/nodes`, { headers: { authorization: `Bearer ${token}` } });
    const { nodes: all } = await answer.json();
    const there = all.filter((one) => one.kind === 'node');
    if (there.length === count) return there.map((one) => one.id);
    await new Promise((later) => setTimeout(later, 50));
  }
}

/**
 * Products asked of the nodes themselves, as many at a time for each node as it has calls at hand: one that runs and one that
 * waits. Who is done asks the node with the fewest calls.
 */
async function direct() {
  const input = matrices(512);
  const free = nodes.map(({ url }) => ({ port: new URL(url).port, path: '/call/multiply_f64', calls: 0 }));
  const expected = await client.post(free[0], input);
  await gain('asked of nodes directly', free.map((one) => [one]).concat([free]), async (of) => {
    const to = of.reduce((best, one) => (one.calls < best.calls ? one : best));
    to.calls++;
    try {
      await client.expect(to, input, expected);
    } finally {
      to.calls--;
    }
  });
}

/** The same products carried by the coordinator, which chooses. */
async function carried(call, one, two) {
  const input = matrices(512);
  const expected = await call(input, `where=${one}`);
  await warm((small) => call(small, 'where=node'));
  await gain('carried by the coordinator', [one, two, 'node'], (where) => call(input, `where=${where}`, expected));
}

/** The coordinator only says which node, and the products go there themselves. */
async function tickets(token, one, two) {
  const input = matrices(512);
  const headers = { host: `cloche.localhost:${server.port}`, authorization: `Bearer ${token}` };
  const ticket = async (where, bytes = input.length) => {
    const path = `/api/workers/matrix/ticket/multiply_f64?where=${where}&bytes=${bytes}`;
    const given = JSON.parse(await client.post({ port: server.port, path, headers }, Buffer.alloc(0)));
    const { port, pathname } = new URL(given.url);
    return { port, path: pathname, headers: { authorization: `Bearer ${given.ticket}` } };
  };
  const expected = await client.post(await ticket(one), input);
  await warm(async (small) => client.post(await ticket('node', small.length), small));
  await gain('with tickets of the coordinator', [one, two, 'node'], async (where) => client.expect(await ticket(where), input, expected));
}

/** Small products: what is slow only because the server and its nodes are new must not count. */
async function warm(ask) {
  const small = matrices(2);
  for (let round = 0; round < 3000; round++) await ask(small);
}

/**
 * How many times as many products two nodes do as one, four at a time. In turns, once in this order and once in the other, so
 * that the machine's moods meet both alike; the one is each node in turn. Of a round counts its own ratio, of all the median.
 */
async function gain(how, [one, two, both], ask) {
  for (const where of [both, one, both, two, both]) await stream(() => ask(where));
  const rounds = [];
  for (let round = 0; round < 16; round++) {
    const alone = round % 4 < 2 ? one : two;
    const times = {};
    for (const where of round % 2 ? [both, alone] : [alone, both]) times[where === both ? 'both' : 'alone'] = await stream(() => ask(where));
    rounds.push(times);
  }
  const middle = (which) => Object.fromEntries(['each', 'client', 'server', 'nodes', 'idle'].map((what) => [what, median(rounds.map((times) => times[which][what])).toFixed(1)]));
  const ratios = rounds.map(({ alone, both: all }) => all.each / alone.each);
  const [lower, upper] = [0.75, 0.25].map((part) => (1 / ratios.toSorted((a, b) => a - b)[Math.floor(ratios.length * part)]).toFixed(2));
  for (const which of ['alone', 'both']) {
    const { each, ...costs } = middle(which);
    console.log(`512 x 512 ${how}, ${which}: ${each} ms each; processor time ${Object.entries(costs).map(([what, ms]) => `${what} ${ms}`).join(', ')} ms`);
  }
  console.log(`512 x 512 ${how}: ${(1 / median(ratios)).toFixed(2)} times as many, the middle half of the rounds ${lower} to ${upper}`);
  report(`two nodes, ${how}: 1.7 times one node`, { measured: median(ratios) * 1.7 * 1000, against: 1000, wanted: 1, unit: 'thousandths' });
}

/**
 * Milliseconds for each of eighty products, four at a time: four callers, who ask one after the other. With it the processor
 * time that each cost the client, the server and the nodes, and what was left of two processors.
 */
async function stream(ask) {
  const all = 80;
  const before = spent();
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (let round = 0; round < all / 4; round++) await ask();
  }));
  const after = spent();
  const took = Object.fromEntries(Object.keys(after).map((what) => [what, (after[what] - before[what]) / all]));
  return { each: took.clock, ...took, idle: 2 * took.clock - took.client - took.server - took.nodes };
}

/** Milliseconds on the clock, and of processor time of the client, of the server with its processes and of both nodes. */
function spent() {
  const { user, system } = process.cpuUsage();
  return { clock: performance.now(), client: (user + system) / 1000, server: processorSeconds(server.child.pid) * 1000,
    nodes: nodes.reduce((sum, { child }) => sum + processorSeconds(child.pid) * 1000, 0) };
}

/** One product by one node, and the same divided over both. */
async function divided(call, one, size, rounds) {
  const input = matrices(size);
  const expected = await call(input, `where=${one}`);
  const single = [], parts = [];
  for (let round = 0; round < rounds + 5; round++) {
    const whole = await call(input, `where=${one}`, expected);
    const both = await call(input, 'where=node&divide=2', expected);
    if (round >= 5) {
      single.push(whole);
      parts.push(both);
    }
  }
  const gain = median(single) / median(parts);
  console.log(`${size} x ${size}: one node ${median(single).toFixed(1)} ms, divided over two ${median(parts).toFixed(1)} ms: ${gain.toFixed(2)} times as fast`);
}

/**
 * For each size: every fixed choice and the coordinator's, each round in another order, so that none always comes after the
 * same other one; the coordinator's against the best of the others.
 */
async function choice(call, one) {
  const fixed = ['local', one];
  await warm((small) => call(small, `where=${fixed[0]}`));
  await warm((small) => call(small, 'where=auto'));
  for (const n of [2, 8, 32, 64, 128]) {
    const input = matrices(n);
    const expected = await call(input, 'where=local');
    const times = Object.fromEntries([...fixed, 'auto'].map((where) => [where, []]));
    for (let round = 0; round < 900; round++) {
      for (const where of shuffled(Object.keys(times))) {
        const ms = await call(input, `where=${where}`, expected);
        if (round >= 300) times[where].push(ms);
      }
    }
    const best = Math.min(...fixed.map((where) => median(times[where])));
    console.log(`${n} x ${n}: ${Object.entries(times).map(([where, all]) => `${where === one ? 'node' : where} ${median(all).toFixed(3)} ms`).join(', ')}`);
    report(`choice for ${n} x ${n} against the best fixed one`, { measured: median(times.auto) * 1000, against: best * 1000, wanted: 1.05, unit: 'us' });
  }
}

function shuffled(list) {
  return list.map((one) => [Math.random(), one]).sort(([a], [b]) => a - b).map(([, one]) => one);
}
