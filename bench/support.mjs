// What the benchmarks share: a server of their own, Chromium, medians. Each benchmark prints one line
// `NAME: ratio R (measured A, against B), wanted at most W` and exits 1 if it is missed.
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(fileURLToPath(new URL('..', import.meta.url)));
const require = createRequire(join(ROOT, 'e2e/package.json'));

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

export function report(name, { measured, against, wanted, unit = 'ms' }) {
  const ratio = measured / against;
  const met = ratio <= wanted;
  console.log(`${name}: ratio ${ratio.toFixed(2)} (${measured.toFixed(0)} ${unit} against ${against.toFixed(0)} ${unit}), wanted at most ${wanted}: ${met ? 'met' : 'MISSED'}`);
  if (!met) process.exitCode = 1;
}

const CHROMIUM = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
};

export async function chromium() {
  const { chromium: browser } = require('@playwright/test');
  return browser.launch(CHROMIUM);
}

/** A browser with a profile on disk that nobody has used; `close` removes it. */
export async function freshProfile() {
  const { chromium: browser } = require('@playwright/test');
  const folder = mkdtempSync(join(tmpdir(), 'cloche-profile-'));
  const context = await browser.launchPersistentContext(folder, CHROMIUM);
  return { context, close: async () => { await context.close(); rmSync(folder, { recursive: true, force: true }); } };
}

export function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

/** Starts `./cloche up` on this data directory; answers with the process, the time to ready and the sign-in link. */
export async function up(data, port) {
  const started = performance.now();
  const child = spawn(join(ROOT, 'cloche'), ['up', '--port', String(port), '--data', data], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  const milliseconds = await new Promise((ready, failed) => {
    child.once('exit', (code) => failed(new Error(`the server ended with ${code}`)));
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.includes('Cloche is ready at')) ready(performance.now() - started);
    });
  });
  return { child, milliseconds, port, url: `http://cloche.localhost:${port}`, stop: () => new Promise((done) => { child.removeAllListeners('exit'); child.once('exit', done); child.kill('SIGTERM'); }) };
}

/** What the tests of a module run with: its own classes and all libraries, as a class path. */
export function testClassPath(module, folder) {
  const list = join(folder, 'classpath');
  execFileSync(join(ROOT, 'mvnw'), ['-q', '-pl', module, '-am', 'test-compile', 'dependency:build-classpath', `-Dmdep.outputFile=${list}`],
    { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  return [join(ROOT, module, 'target/test-classes'), join(ROOT, module, 'target/classes'), readFileSync(list, 'utf8').trim()].join(':');
}

/** Seconds of processor time that a process and those below it have used. Linux only. */
export function processorSeconds(pid) {
  try {
    return secondsOf(pid);
  } catch (error) {
    // it ended just now: its time stands with the process above it
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return 0;
    throw error;
  }
}

function secondsOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ').map(Number);
  // utime, stime, and those of children that have ended; in hundredths of a second
  const own = (fields[11] + fields[12] + fields[13] + fields[14]) / 100;
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean));
  return children.reduce((sum, child) => sum + processorSeconds(child), own);
}

/** A server of the benchmark's own, and what removes it. */
export async function ownServer() {
  const data = mkdtempSync(join(tmpdir(), 'cloche-bench-'));
  const port = await freePort();
  const server = await up(data, port);
  const cloche = (...words) => execFileSync(join(ROOT, 'cloche'), [...words, '--data', data], { encoding: 'utf8' }).trim();
  return { ...server, data, port, cloche, remove: async () => { await server.stop(); rmSync(data, { recursive: true, force: true }); } };
}
