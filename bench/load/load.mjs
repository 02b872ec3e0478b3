// Runs the load generator, which is a Java program of one file, and servers like it.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support.mjs';

const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java';
const here = join(ROOT, 'bench/load');

/** The class path of the server as it was built last; BENCH_CLASSPATH in the environment takes its place. */
function classPath() {
  return process.env.BENCH_CLASSPATH ?? join(readFileSync(join(ROOT, 'build/java.current'), 'utf8').trim(), '*');
}

/** Starts a program that prints its port. */
export async function startJava(file) {
  const child = spawn(java, ['-XX:+UseSerialGC', '-Xmx512m', '-cp', classPath(), join(here, file)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise((done, failed) => {
    child.once('exit', (code) => failed(new Error(`${file} ended with ${code}`)));
    child.stdout.once('data', (chunk) => done(Number(String(chunk).trim())));
  });
  return { port, stop: () => new Promise((done) => { child.removeAllListeners('exit'); child.once('exit', done); child.kill('SIGTERM'); }) };
}

function javaLine(file, words) {
  return new Promise((done, failed) => {
    const child = spawn(java, ['-XX:+UseSerialGC', '-Xmx256m', join(here, file), ...words.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.once('exit', (code) => (code === 0 ? done(JSON.parse(text)) : failed(new Error(`${file} ended with ${code}`))));
  });
}

/** One run: answers with callsPerSecond, p50ms, p99ms and failed. `args` are the reducer's arguments in hexadecimal digits. */
export function load({ port, path, version, connections, inFlight, perFrame, reducer, args, seconds = 4, echo = false }) {
  return javaLine('LoadClient.java', [port, path, version, reducer, args || '-', connections, inFlight, perFrame, seconds, echo]);
}

/** One change to many: answers with p50ms, p99ms and worstms. */
export function fanOut({ port, path, query, reducer, args, subscribers, rounds }) {
  return javaLine('FanOut.java', [port, path, query, reducer, args, subscribers, rounds]);
}
