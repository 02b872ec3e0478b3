import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './server';

/** Debian's Firefox, or another one by FIREFOX. */
const FIREFOX_PATH: string | undefined = [process.env['FIREFOX'], '/usr/bin/firefox-esr', '/usr/bin/firefox'].find((path) => path !== undefined && existsSync(path));

/** No foreign host: the proxy for them is nowhere; and nothing that Firefox asks for by itself. */
const PREFERENCES: Readonly<Record<string, string | number | boolean>> = {
  'network.proxy.type': 1,
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': 9,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': 9,
  'network.proxy.no_proxies_on': 'localhost, .localhost, 127.0.0.1',
  'app.update.disabledForTesting': true,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.enabled': false,
  'browser.startup.page': 0,
};

const STARTED_WITHIN = 60_000;

/**
 * A Firefox as it is, driven by Marionette, the protocol that is built into it: each message is its length, a colon and
 * JSON, `[0, id, command, parameters]` there and `[1, id, error, result]` back.
 */
export class Firefox {
  private buffer = Buffer.alloc(0);
  private lastId = 0;
  private readonly waiting = new Map<number, { readonly done: (result: unknown) => void; readonly failed: (error: Error) => void }>();

  private constructor(private readonly process: ChildProcess, private readonly profile: string, private readonly socket: Socket) {
    socket.on('data', (chunk) => this.read(chunk));
    socket.on('close', () => {
      for (const { failed } of this.waiting.values()) failed(new Error('Firefox has gone'));
      this.waiting.clear();
    });
  }

  static async start(): Promise<Firefox> {
    if (FIREFOX_PATH === undefined) throw new Error('There is no Firefox: apt-get install firefox-esr, or set FIREFOX.');
    const profile = mkdtempSync(join(tmpdir(), 'cloche-firefox-'));
    const port = await freePort();
    const preferences = { ...PREFERENCES, 'marionette.port': port };
    writeFileSync(join(profile, 'user.js'), Object.entries(preferences).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join(''));
    const child = spawn(FIREFOX_PATH, ['--headless', '--marionette', '--no-remote', '--profile', profile], { stdio: 'ignore', env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' } });
    const firefox = new Firefox(child, profile, await connected(port));
    await firefox.send('WebDriver:NewSession', { capabilities: { alwaysMatch: { acceptInsecureCerts: false } } });
    await firefox.send('WebDriver:SetTimeouts', { script: 60_000, pageLoad: 120_000 });
    return firefox;
  }

  async open(url: string): Promise<void> {
    await this.send('WebDriver:Navigate', { url });
  }

  /** The address of the page. */
  async url(): Promise<string> {
    return (await this.send<{ value: string }>('WebDriver:GetCurrentURL')).value;
  }

  /** The text that is seen on the page. */
  async text(): Promise<string> {
    return (await this.send<{ value: string }>('WebDriver:ExecuteScript', { script: 'return document.body.innerText', args: [] })).value;
  }

  /** Presses the button with exactly this text; waits for it. */
  async press(text: string): Promise<void> {
    const value = `//button[normalize-space()=${JSON.stringify(text)}]`;
    const deadline = Date.now() + 60_000;
    for (;;) {
      const found = await this.send<readonly Record<string, string>[]>('WebDriver:FindElements', { using: 'xpath', value });
      const id = Object.values(found[0] ?? {})[0];
      if (id !== undefined) {
        await this.send('WebDriver:ElementClick', { id });
        return;
      }
      if (Date.now() > deadline) throw new Error(`There is no button “${text}” in:\n${await this.text()}`);
    }
  }

  async close(): Promise<void> {
    const ended = new Promise((done) => this.process.once('exit', done));
    this.process.kill('SIGKILL');
    await ended;
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  private send<T>(command: string, parameters: object = {}): Promise<T> {
    const id = ++this.lastId;
    const message = JSON.stringify([0, id, command, parameters]);
    return new Promise<T>((done, failed) => {
      this.waiting.set(id, { done: (result) => done(result as T), failed });
      this.socket.write(`${Buffer.byteLength(message)}:${message}`);
    });
  }

  private read(chunk: Buffer): void {
    this.buffer = Buffer.concat([this.buffer, chunk]);
    for (;;) {
      const colon = this.buffer.indexOf(':');
      const length = Number(this.buffer.toString('latin1', 0, Math.max(0, colon)));
      if (colon < 0 || this.buffer.length < colon + 1 + length) return;
      const message: unknown = JSON.parse(this.buffer.toString('utf8', colon + 1, colon + 1 + length));
      this.buffer = this.buffer.subarray(colon + 1 + length);
      // the greeting is an object
      if (Array.isArray(message)) this.answered(message as [number, number, { error: string; message: string } | null, unknown]);
    }
  }

  private answered([, id, error, result]: [number, number, { error: string; message: string } | null, unknown]): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === null) waiting?.done(result);
    else waiting?.failed(new Error(`${error.error}: ${error.message}`));
  }
}

/** Tries until Firefox listens. */
async function connected(port: number): Promise<Socket> {
  const deadline = Date.now() + STARTED_WITHIN;
  for (;;) {
    const socket = await new Promise<Socket | null>((done) => {
      const trial = connect(port, '127.0.0.1', () => done(trial));
      trial.once('error', () => done(null));
    });
    if (socket !== null) return socket;
    if (Date.now() > deadline) throw new Error('Firefox does not answer.');
    await new Promise((done) => setTimeout(done, 100));
  }
}
