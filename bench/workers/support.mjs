// What the benchmarks of workers share: a node process, matrices in the binary form, an empty worker.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ROOT } from '../support.mjs';

export const MATRIX = join(ROOT, 'examples/workers/matrix');

/** A plug-in with one function, `empty`, that does nothing: (module (func (export "empty") (result i32) (i32.const 0))). */
export const EMPTY = Buffer.from('0061736d010000000105016000017f0302010007090105656d70747900000a06010400' + '41000b', 'hex');

/** The input of `multiply_f64`: rows, inner and columns as u32, a zero, both matrices row by row; small whole numbers. */
export function matrices(n) {
  const bytes = Buffer.alloc(16 + 16 * n * n);
  [n, n, n, 0].forEach((value, k) => bytes.writeUInt32LE(value, 4 * k));
  for (let i = 0; i < n * n; i++) {
    bytes.writeDoubleLE((i % 17) - 8, 16 + 8 * i);
    bytes.writeDoubleLE((i % 13) - 6, 16 + 8 * (n * n + i));
  }
  return bytes;
}

/** A port that nobody listens on at the moment. */
export function freePort() {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}

/** Starts a node with these words; on one processor if that is said. Answers with its URL, process and time to ready. */
export async function node(words, { port = 0, processor, environment = {} } = {}) {
  const command = [join(ROOT, 'cloche'), 'worker', '--port', String(port), ...words];
  const [program, ...rest] = processor === undefined ? command : ['taskset', '-c', String(processor), ...command];
  const started = performance.now();
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...environment } });
  let text = '';
  const url = await new Promise((ready, failed) => {
    child.once('exit', (code) => failed(new Error(`the node ended with ${code}`)));
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const found = /ready at (\S+)/.exec(text);
      if (found) ready(found[1]);
    });
  });
  const milliseconds = performance.now() - started;
  return { url, child, milliseconds, stop: () => new Promise((done) => { child.removeAllListeners('exit'); child.once('exit', done); child.kill('SIGTERM'); }) };
}
