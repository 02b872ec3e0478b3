import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './server';

export const MATRIX = join(ROOT, 'examples/workers/matrix/matrix.wasm');

/** A worker node in a process of its own, on a free port. */
export interface WorkerNode {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** Asks it to stop, and waits until it has; the exit status. */
  stop(): Promise<number | null>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
}

/** Starts `cloche worker` with these words and waits until it is ready; without a port it takes a free one. */
export async function startWorkerNode(words: readonly string[], environment: Readonly<Record<string, string>> = {}, port = 0): Promise<WorkerNode> {
  const child = spawn(join(ROOT, 'cloche'), ['worker', '--port', String(port), ...words], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
  let said = '';
  child.stderr.on('data', (part: Buffer) => (said += part.toString()));
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  const url = await new Promise<string>((ready, failed) => {
    child.stdout.on('data', (part: Buffer) => {
      said += part.toString();
      const found = /ready at (http:\S+)/.exec(said);
      if (found?.[1] !== undefined) ready(found[1]);
    });
    void ended.then((status) => failed(new Error(`the node ended with ${String(status)}: ${said}`)));
  });
  return {
    url,
    port: Number(new URL(url).port),
    process: child,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
