// Runs the load generators, which are Java programs of one file, and servers like them.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../support.mjs';

const home = process.env.JAVA_HOME;
const java = home ? join(home, 'bin/java') : 'java';
const here = join(ROOT, 'bench/load');
let compiled;

/** The class path of the server as it was built last; BENCH_CLASSPATH in the environment takes its place. */
export function classPath() {
  return process.env.BENCH_CLASSPATH ?? join(readFileSync(join(ROOT, 'build/java.current'), 'utf8').trim(), '*');
}

/** Classes of the generators, compiled once, so that their compiler takes nothing from what is measured. */
function classes() {
  if (!compiled) {
    compiled = mkdtempSync(join(tmpdir(), 'cloche-bench-classes-'));
    process.once('exit', () => rmSync(compiled, { recursive: true, force: true }));
    const files = ['LoadClient', 'FanOut', 'PostgresClient'].map((name) => join(here, `${name}.java`));
    execFileSync(home ? join(home, 'bin/javac') : 'javac', ['-d', compiled, ...files], { stdio: 'inherit' });
  }
  return compiled;
}

/** Starts a program that prints one line when it is ready: answers with the words of that line. */
export async function startJava(file, words = [], libraries = '') {
  const child = spawn(java, ['-XX:+UseSerialGC', '-Xmx512m', '--enable-native-access=ALL-UNNAMED', '-cp', [classPath(), libraries].filter(Boolean).join(':'), join(here, file), ...words],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = await new Promise((done, failed) => {
    child.once('exit', (code) => failed(new Error(`${file} ended with ${code}`)));
    child.stdout.once('data', (chunk) => done(String(chunk).trim().split(' ')));
  });
  return { said, pid: child.pid, port: Number(said[0]), stop: () => new Promise((done) => { child.removeAllListeners('exit'); child.once('exit', done); child.kill('SIGTERM'); }) };
}

function javaLine(program, words) {
  return new Promise((done, failed) => {
    const child = spawn(java, ['-XX:+UseSerialGC', '-Xmx256m', '-cp', classes(), program, ...words.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.once('exit', (code) => (code === 0 ? done(JSON.parse(text)) : failed(new Error(`${program} ended with ${code}`))));
  });
}

/**
 * One run: answers with callsPerSecond, p50ms, p99ms and failed. `args` are the reducer's arguments in hexadecimal digits, of
 * which the first `drawn` (of 32 bits) are drawn below `below` for each call.
 */
export function load({ port, path, version, connections, inFlight, perFrame, reducer, args, seconds = 2, echo = false, drawn = 0, below = 1 }) {
  return javaLine('LoadClient', [port, path, version, reducer, args || '-', connections, inFlight, perFrame, seconds, echo, drawn, below]);
}

/** One change to many: answers with p50ms, p99ms and worstms. */
export function fanOut({ port, path, query, reducer, args, subscribers, rounds }) {
  return javaLine('FanOut', [port, path, query, reducer, args, subscribers, rounds]);
}

/** Transfers in PostgreSQL by a stored procedure, pipelined as the calls of a live database are. */
export function postgresTransfers({ port, password, confirmed, connections, inFlight, below, seconds = 2 }) {
  return javaLine('PostgresClient', [port, password, confirmed, connections, inFlight, below, seconds]);
}
