// The coordinator: what two nodes gain over one for products of 512 x 512, and what its choice costs for small matrices
// against the best fixed choice. Each node has a processor of its own; server, PostgreSQL and client share both with them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'node:http';
import { median, ownServer, report } from './support.mjs';
import { MATRIX, freePort, matrices, node } from './workers/support.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'cloche-bench-'));
const agent = new Agent({ keepAlive: true, maxSockets: 8 });
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
  await gain(call, one, two);
  await tickets(token, one);
  await divided(call, one, 512, 20);
  await divided(call, one, 1024, 9);
  await choice(call, one);
} finally {
  agent.destroy();
  await Promise.all(nodes.map((one) => one.stop()));
  await server.remove();
  rmSync(scratch, { recursive: true, force: true });
}

function caller(token) {
  const headers = { host: `cloche.localhost:${server.port}`, authorization: `Bearer ${token}` };
  return (input, query) => exchange({ port: server.port, path: `/api/workers/matrix/call/multiply_f64?${query}`, headers }, input);
}

/** Sends bytes and takes the answer's; a status other than 200 is an error. */
function exchange({ port, path, headers }, input) {
  return new Promise((done, failed) => {
    const from = performance.now();
    const asked = request({ agent, host: '127.0.0.1', port, method: 'POST', path,
      headers: { ...headers, 'content-type': 'application/octet-stream', 'content-length': input.length } }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => {
        const output = Buffer.concat(parts);
        if (answer.statusCode !== 200) failed(new Error(`${answer.statusCode}: ${output}`));
        else done({ output, ms: performance.now() - from });
      });
    });
    asked.on('error', failed);
    asked.end(input);
  });
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
  const free = nodes.map(({ url }) => ({ port: new URL(url).port, calls: 0 }));
  const ask = async (of) => {
    const to = of.reduce((best, one) => (one.calls < best.calls ? one : best));
    to.calls++;
    try {
      return await exchange({ port: to.port, path: '/call/multiply_f64', headers: {} }, input);
    } finally {
      to.calls--;
    }
  };
  const expected = (await ask(free.slice(0, 1))).output;
  for (let warm = 0; warm < 3; warm++) await stream(() => ask(free), expected);
  const alone = [], both = [];
  for (let round = 0; round < 9; round++) {
    alone.push(await stream(() => ask(free.slice(0, 1)), expected));
    both.push(await stream(() => ask(free), expected));
  }
  console.log(`512 x 512 asked of nodes directly, four at a time: one ${median(alone).toFixed(1)} ms each, both ${median(both).toFixed(1)} ms each: ${(median(alone) / median(both)).toFixed(2)} times as many`);
  report('two nodes asked directly: 1.7 times one node', { measured: median(both) * 1.7, against: median(alone), wanted: 1 });
}

/** One product by one node, and the same divided over both. */
async function divided(call, one, size, rounds) {
  const input = matrices(size);
  const expected = (await call(input, `where=${one}`)).output;
  const single = [], parts = [];
  for (let round = 0; round < rounds + 5; round++) {
    const whole = (await checked(call(input, `where=${one}`), expected)).ms;
    const both = (await checked(call(input, 'where=node&divide=2'), expected)).ms;
    if (round >= 5) {
      single.push(whole);
      parts.push(both);
    }
  }
  const gain = median(single) / median(parts);
  console.log(`${size} x ${size}: one node ${median(single).toFixed(1)} ms, divided over two ${median(parts).toFixed(1)} ms: ${gain.toFixed(2)} times as fast`);
}

/** Many products at a time by the coordinator, with one node and with both. */
async function gain(call, one, two) {
  const input = matrices(512);
  const expected = (await call(input, `where=${one}`)).output;
  await call(input, `where=${two}`);
  for (let warm = 0; warm < 3; warm++) await stream(() => call(input, 'where=node'), expected);
  const alone = [], both = [];
  for (let round = 0; round < 9; round++) {
    alone.push(await stream(() => call(input, `where=${one}`), expected));
    both.push(await stream(() => call(input, 'where=node'), expected));
  }
  console.log(`512 x 512 by the coordinator, four at a time: one node ${median(alone).toFixed(1)} ms each, both ${median(both).toFixed(1)} ms each: ${(median(alone) / median(both)).toFixed(2)} times as many`);
  report('two nodes, products carried by the coordinator: 1.7 times one node', { measured: median(both) * 1.7, against: median(alone), wanted: 1 });
}

/** As the last of these, but the coordinator only says which node, and the products go there themselves. */
async function tickets(token, one) {
  const input = matrices(512);
  const asking = { host: `cloche.localhost:${server.port}`, authorization: `Bearer ${token}` };
  const ask = async (where) => {
    const { output } = await exchange({ port: server.port, path: `/api/workers/matrix/ticket/multiply_f64?where=${where}&bytes=${input.length}`, headers: asking }, Buffer.alloc(0));
    const { url, ticket } = JSON.parse(output);
    const { port, pathname } = new URL(url);
    return exchange({ port, path: pathname, headers: { authorization: `Bearer ${ticket}` } }, input);
  };
  const expected = (await ask(one)).output;
  for (let warm = 0; warm < 3; warm++) await stream(() => ask('node'), expected);
  const alone = [], both = [];
  for (let round = 0; round < 9; round++) {
    alone.push(await stream(() => ask(one), expected));
    both.push(await stream(() => ask('node'), expected));
  }
  console.log(`512 x 512 with tickets of the coordinator, four at a time: one node ${median(alone).toFixed(1)} ms each, both ${median(both).toFixed(1)} ms each: ${(median(alone) / median(both)).toFixed(2)} times as many`);
  report('two nodes, products with tickets: 1.7 times one node', { measured: median(both) * 1.7, against: median(alone), wanted: 1 });
}

async function checked(promise, expected) {
  const answer = await promise;
  if (Buffer.compare(answer.output, expected) !== 0) throw new Error('a product is wrong');
  return answer;
}

/** Milliseconds for each of eighty products, four at a time: four callers, who ask one after the other. */
async function stream(ask, expected) {
  const each = 20;
  const from = performance.now();
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (let round = 0; round < each; round++) await checked(ask(), expected);
  }));
  return (performance.now() - from) / (4 * each);
}

/**
 * For each size: every fixed choice and the coordinator's, each round in another order, so that none always comes after the
 * same other one; the coordinator's against the best of the others.
 */
async function choice(call, one) {
  const fixed = ['local', one];
  // what is slow only because it is new must not count for the first size
  for (let round = 0; round < 1500; round++) await call(matrices(2), `where=${[...fixed, 'auto'][round % 3]}`);
  for (const n of [2, 8, 32, 64, 128]) {
    const input = matrices(n);
    const times = Object.fromEntries([...fixed, 'auto'].map((where) => [where, []]));
    for (let round = 0; round < 900; round++) {
      for (const where of shuffled(Object.keys(times))) {
        const { ms } = await call(input, `where=${where}`);
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
