// A million rows of two integers through the real server: bytes a row, resident memory, and how long a start takes until the
// first answer about them, once from the log of a million transactions and once from a snapshot (wanted: under 5 s each).
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { liveAt, path, publishToken, PYTHON, WAYS } from './load/live.mjs';
import { load } from './load/load.mjs';
import { freePort, report, up } from './support.mjs';

const ROWS = 1_000_000;
const NAME = 'rows';
const CALL = { reducer: 'add_pair', args: '00'.repeat(8), drawn: 2, below: 0x7fff_ffff };
const jcmd = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/jcmd') : 'jcmd';
const data = mkdtempSync(join(tmpdir(), 'cloche-bench-'));
const pid = () => JSON.parse(readFileSync(join(data, 'run/server.json'), 'utf8')).pid;
const resident = () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid()}/status`, 'utf8'))[1]) / 1024;
/** Bytes on the heap that are in use, after a collection. */
const live = () => Number(/Total\s+\d+\s+(\d+)/.exec(execFileSync(jcmd, [pid(), 'GC.class_histogram'], { encoding: 'utf8', maxBuffer: 64 << 20 }))[1]);

let running = await up(data, await freePort());
try {
  const token = publishToken(data);
  let server = liveAt(running.port, token);
  await server.publish(PYTHON(), NAME);
  const before = { heap: live(), resident: resident() };
  // transactions of one row, until there are enough
  let rows = 0;
  let megabytes = 0;
  while (rows < ROWS) {
    await load({ port: running.port, path: path(NAME, true), ...WAYS.v3, ...CALL, seconds: 4 });
    rows = await server.count(NAME, 'pair');
    megabytes = resident();
  }
  const bytes = (live() - before.heap) / rows;
  console.log(`${rows} rows: resident ${before.resident.toFixed(0)} MB before, ${megabytes.toFixed(0)} MB after the calls, ${resident().toFixed(0)} MB after a collection`);
  report('bytes of heap a row of two integers, in the server', { measured: bytes, against: 100, wanted: 1, unit: 'bytes' });
  await recovered('the log');
  // whoever publishes anew gets a snapshot
  await server.publish(`${PYTHON()}\n# again\n`, NAME);
  await recovered('a snapshot');

  async function recovered(what) {
    await running.stop();
    const began = performance.now();
    running = await up(data, await freePort());
    const ready = performance.now() - began;
    server = liveAt(running.port, token);
    const found = await server.count(NAME, 'pair');
    const answered = performance.now() - began;
    if (found !== rows) throw new Error(`${found} rows in place of ${rows}`);
    console.log(`recovery from ${what}: ready after ${ready.toFixed(0)} ms, first answer ${(answered - ready).toFixed(0)} ms later`);
    report(`recovery of ${(rows / 1e6).toFixed(1)} million rows from ${what}, start to first answer`, { measured: answered, against: 5000, wanted: 1 });
  }
} finally {
  await running.stop();
  rmSync(data, { recursive: true, force: true });
}
