import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const READY_WITHIN = 300_000;
const STOPPED_WITHIN = 120_000;

/** Which of the lanes this is: each runs its tests one after the other, beside the other lanes. */
const LANE = Number(process.env['TEST_PARALLEL_INDEX'] ?? 0);

/**
 * Below what Linux gives to outgoing connections, so that none of the tests' own takes a server's port while it is down, and
 * other ones in each lane, so that no other lane does.
 */
const PORTS = { first: 20_000 + LANE * 6000, count: 6000 };

/** A port that nobody uses at the moment. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.first + randomInt(PORTS.count);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer();
    probe.on('error', () => done(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)));
  });
}

/** A Cloche of its own: own data directory, own free port, started and ended by its launcher's process. */
export class Server {
  private process: ChildProcess | null = null;
  private output: string[] = [];
  signInUrl: string | null = null;

  private constructor(
    readonly port: number,
    readonly data: string,
    private readonly environment: Readonly<Record<string, string>>,
  ) {}

  static async fresh(environment: Readonly<Record<string, string>> = {}): Promise<Server> {
    const server = new Server(await freePort(), mkdtempSync(join(tmpdir(), 'cloche-e2e-')), environment);
    await server.start();
    return server;
  }

  get url(): string {
    return `http://cloche.localhost:${this.port}`;
  }

  appUrl(name: string, path = '/'): string {
    return `http://${name}.app.cloche.localhost:${this.port}${path}`;
  }

  /** The server's process, not the launcher's. */
  get pid(): number {
    return this.process?.pid ?? 0;
  }

  /** Starts it; does nothing if it runs. */
  async start(): Promise<void> {
    if (this.process !== null) return;
    const child = spawn(join(ROOT, 'cloche'), ['up', '--port', String(this.port), '--data', this.data], {
      env: { ...process.env, ...this.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    this.output = [];
    child.stderr?.on('data', (chunk: Buffer) => this.output.push(chunk.toString()));
    let isUp = false;
    await new Promise<void>((ready, failed) => {
      const timer = setTimeout(() => failed(new Error(`not ready in ${READY_WITHIN} ms:\n${this.output.join('')}`)), READY_WITHIN);
      child.once('exit', (code) => failed(new Error(`ended with ${code} before it was ready:\n${this.output.join('')}`)));
      createInterface({ input: child.stdout! }).on('line', (line) => {
        this.output.push(`${line}\n`);
        const signIn = /^Sign in: (\S+)$/.exec(line);
        if (signIn?.[1]) this.signInUrl = signIn[1];
        isUp ||= line.startsWith('Cloche is ready at');
        // the first start has one more line to say
        if (!isUp || this.signInUrl === null) return;
        clearTimeout(timer);
        ready();
      });
    });
  }

  /** Stops cleanly, as Ctrl-C does; that it takes 10 s at most is shown where the machine has nothing else to do. */
  async stop(): Promise<void> {
    const child = this.process;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((done) => child.once('exit', () => done()));
    child.kill('SIGTERM');
    const tooLate = new Promise<never>((_, failed) => setTimeout(() => failed(new Error(`no clean stop within ${STOPPED_WITHIN} ms:\n${this.output.join('')}`)), STOPPED_WITHIN).unref());
    await Promise.race([ended, tooLate]);
    this.process = null;
  }

  /** Ends the server's process at once, as a crash would. */
  async crash(): Promise<void> {
    const child = this.process;
    if (child === null) return;
    const ended = new Promise<void>((done) => child.once('exit', () => done()));
    child.kill('SIGKILL');
    await ended;
    this.process = null;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }

  /** Runs the cloche command on this server's data directory. */
  async cloche(...words: string[]): Promise<string> {
    const { stdout } = await run(join(ROOT, 'cloche'), [...words, '--data', this.data], { maxBuffer: 64 * 1024 * 1024 });
    return stdout.trim();
  }

  async token(...scopes: string[]): Promise<string> {
    return this.cloche('token', 'create', ...scopes.flatMap((scope) => ['--scope', scope]));
  }
}

export interface SharedServer {
  readonly port: number;
  readonly data: string;
  readonly token: string;
}

/** The server that most tests of a lane share, started once by the global set-up. */
export function sharedServer(): SharedServer & { readonly url: string; appUrl(name: string, path?: string): string } {
  const servers = process.env['E2E_SERVERS'];
  if (servers === undefined) throw new Error('the global set-up has not run');
  const shared = (JSON.parse(servers) as readonly SharedServer[])[LANE];
  if (shared === undefined) throw new Error(`there is no server for lane ${LANE}`);
  return {
    ...shared,
    url: `http://cloche.localhost:${shared.port}`,
    appUrl: (name, path = '/') => `http://${name}.app.cloche.localhost:${shared.port}${path}`,
  };
}
