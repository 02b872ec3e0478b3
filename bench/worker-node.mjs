// A worker node: the product of 512 x 512 against V8 with the same file and against gcc -O3; calls of an empty function;
// the start. Needs gcc and wrk (apt-get install gcc wrk).
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, median, report } from './support.mjs';
import { EMPTY, MATRIX, matrices, node } from './workers/support.mjs';
import { load } from './workers/v8.mjs';

const N = 512;
const ROUNDS = 25;
const scratch = mkdtempSync(join(tmpdir(), 'cloche-bench-'));
writeFileSync(join(scratch, 'empty.wasm'), EMPTY);
try {
  await products();
  await calls();
  await starts();
  coldStart();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function products() {
  execFileSync('gcc', ['-O3', '-o', join(scratch, 'product'), join(ROOT, 'bench/workers/product.c')]);
  const { createPlugin } = createRequire(join(ROOT, 'web/package.json'))('@extism/extism');
  for (const build of ['matrix.wasm', 'matrix.simd.wasm']) {
    const file = join(MATRIX, build);
    const input = matrices(N);
    const plugin = await createPlugin({ wasm: [{ data: new Uint8Array(readFileSync(file)) }] }, { useWasi: false });
    const started = await node([file]);
    const v8 = load(file);
    const figures = { v8: [], sdk: [], guest: [], http: [], gcc: [] };
    try {
      // in turns, so that the machine's moods meet all of them
      for (let round = 0; round < ROUNDS; round++) {
        let from = performance.now();
        const here = v8('multiply_f64', input);
        figures.v8.push(performance.now() - from);
        from = performance.now();
        await plugin.call('multiply_f64', input);
        figures.sdk.push(performance.now() - from);
        from = performance.now();
        const answer = await fetch(`${started.url}/call/multiply_f64`, { method: 'POST', body: input });
        const there = Buffer.from(await answer.arrayBuffer());
        figures.http.push(performance.now() - from);
        figures.guest.push(Number(answer.headers.get('cloche-ran-ms')));
        if (Buffer.compare(Buffer.from(here), there) !== 0) throw new Error('V8 and the node do not agree');
        figures.gcc.push(Number(execFileSync(join(scratch, 'product'), [String(N), '3'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[2]));
      }
    } finally {
      await started.stop();
      await plugin.close();
    }
    const [here, sdk, guest, http, gcc] = ['v8', 'sdk', 'guest', 'http', 'gcc'].map((name) => median(figures[name]));
    console.log(`${build} ${N} x ${N}: node ${guest.toFixed(1)} ms, with HTTP ${http.toFixed(1)} ms; V8 ${here.toFixed(1)} ms, by the Extism SDK ${sdk.toFixed(1)} ms; gcc -O3 ${gcc.toFixed(1)} ms`);
    report(`${build}: node against V8`, { measured: guest, against: here, wanted: 1.3 });
    report(`${build}: node against gcc -O3`, { measured: guest, against: gcc, wanted: 2 });
  }
}

async function calls() {
  const started = await node([join(scratch, 'empty.wasm'), '--slots', '2'], { processor: 0 });
  const script = join(scratch, 'post.lua');
  writeFileSync(script, 'wrk.method = "POST"\nwrk.body = "x"\n');
  const run = (connections, seconds) => execFileSync('taskset', ['-c', '1', 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '-s', script, `${started.url}/call/empty`], { encoding: 'utf8' });
  try {
    run(16, 5); // warm up
    const one = run(1, 5);
    const many = run(32, 8);
    if (/Non-2xx|Socket errors/.test(one + many)) throw new Error(`not all was answered:\n${one}\n${many}`);
    report('empty function over HTTP, p50', { measured: milliseconds(/50%\s+([0-9.]+)(us|ms|s)/.exec(one)) * 1000, against: 500, wanted: 1, unit: 'us' });
    const rate = Number(/Requests\/sec:\s+([0-9.]+)/.exec(many)[1]);
    report('10,000 calls a second on one core', { measured: 10_000, against: rate, wanted: 1, unit: 'calls/s' });
  } finally {
    await started.stop();
  }
}

function milliseconds([, value, unit]) {
  return Number(value) * { us: 0.001, ms: 1, s: 1000 }[unit];
}

async function starts() {
  const times = [];
  for (let round = 0; round < 7; round++) {
    const started = await node([join(MATRIX, 'matrix.wasm')]);
    times.push(started.milliseconds);
    await started.stop();
  }
  report('start of a node', { measured: median(times), against: 1500, wanted: 1 });
}

/** From a file whose code is in the cache to its first answer, and a new guest; the JVM is warm. */
function coldStart() {
  const lib = readFileSync(join(ROOT, 'build/java.current'), 'utf8').trim();
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java';
  const said = execFileSync(java, ['-XX:+UseSerialGC', '-Xmx512m', '--enable-native-access=ALL-UNNAMED', '-cp', `${lib}/*`, join(ROOT, 'bench/workers/ColdStart.java'),
    join(ROOT, 'build/assets/native'), join(scratch, 'cache'), join(MATRIX, 'matrix.wasm'), 'multiply', '{"A":[[1,2],[3,4]],"B":[[5,6],[7,8]]}'],
  { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const figures = Object.fromEntries(said.trim().split('\n').map((line) => line.split(' ')).map(([name, nanoseconds]) => [name, Number(nanoseconds) / 1000]));
  report('cold start of a cached worker, with its first call', { measured: figures.cold, against: 10_000, wanted: 1, unit: 'us' });
  report('new instance, with its first call', { measured: figures.instance, against: 1000, wanted: 1, unit: 'us' });
}
