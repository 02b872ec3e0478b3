import { beforeEach, expect, it } from 'vitest';
import type { FromWorkerHost, ToWorkerHost } from '@/protocol';
import { FakeClock } from '../../../test/fakes/clock';
import { decode, type FromCoordinator, type ToCoordinator } from './link-messages';
import { TabEngine } from './tab-engine';
import { TabLink, type LentCall } from './tab-link';

/** The server's end of a link. */
class FakeSocket {
  static readonly made: FakeSocket[] = [];
  readyState = 1;
  binaryType = '';
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: ArrayBuffer }) => void) | null = null;
  onclose: ((event: { reason: string }) => void) | null = null;
  readonly heard: ToCoordinator[] = [];

  constructor() {
    FakeSocket.made.push(this);
  }

  send(message: ArrayBuffer): void {
    this.heard.push(decode(message)?.head as unknown as ToCoordinator);
  }

  close(): void {
    this.readyState = 3;
    this.onclose?.({ reason: '' });
  }

  say(head: FromCoordinator, bytes = new Uint8Array()): void {
    const json = new TextEncoder().encode(JSON.stringify(head));
    const message = new Uint8Array([...new Uint8Array(new Uint32Array([json.length]).buffer), ...json, ...bytes]);
    this.onmessage?.({ data: message.buffer });
  }
}

/** The page for workers: loads everything, and answers when it is told to. */
class FakeHost {
  readonly heard: ToWorkerHost[] = [];
  digest = 'd1';
  private listener: (message: FromWorkerHost, ports: readonly MessagePort[]) => void = () => undefined;
  readonly capabilities = { crossOriginIsolated: true, simd: true, processors: 2 };

  send(message: ToWorkerHost): void {
    this.heard.push(message);
    if (message.type === 'load') this.say({ type: 'loaded', id: message.id, worker: { name: message.name, key: JSON.stringify(message.settings) === '{"config":{}}' ? this.digest : `${this.digest} ${JSON.stringify(message.settings)}`, digest: this.digest, simd: true, timeoutMs: 1000 } });
    if (message.type === 'cancel') this.say({ type: 'failed', call: message.call, failure: { error: 'cancelled', message: 'The call was cancelled.' }, ranMs: 0 });
  }

  onMessage(listener: (message: FromWorkerHost, ports: readonly MessagePort[]) => void): void {
    this.listener = listener;
  }

  say(message: FromWorkerHost): void {
    this.listener(message, []);
  }

  dispose(): void {
    this.listener = () => undefined;
  }

  get calls() {
    return this.heard.filter((message) => message.type === 'call');
  }
}

let clock: FakeClock;
let host: FakeHost;
let link: TabLink;
let ran: LentCall[];
const settle = () => new Promise((done) => setTimeout(done));
const socket = () => FakeSocket.made.at(-1)!;
const call = (number: number): FromCoordinator => ({ type: 'call', call: number, worker: 'w', digest: 'd1', function: 'f', timeoutMs: 500 });

beforeEach(() => {
  FakeSocket.made.length = 0;
  clock = new FakeClock();
  host = new FakeHost();
  ran = [];
  globalThis.WebSocket = Object.assign(class {}, { OPEN: 1 }) as unknown as typeof WebSocket;
  link = new TabLink(new TabEngine(host.capabilities, host), { name: 'n', engine: 'e', slots: 2, onRun: (one) => ran.push(one), onBusy: () => undefined }, clock, () => new FakeSocket() as unknown as WebSocket);
  socket().onopen?.();
  socket().say({ type: 'welcome', node: 'node1' });
});

it('says hello, fetches a worker that it lacks once, runs the calls that waited for it, and answers', async () => {
  expect(socket().heard[0]).toEqual({ type: 'hello', kind: 'tab', name: 'n', engine: 'e', simd: true, slots: 2, workers: [] });
  expect(link.state.getState()).toEqual({ state: 'linked', node: 'node1' });
  socket().say(call(1), new Uint8Array([5]));
  socket().say(call(2));
  expect(socket().heard.slice(1)).toEqual([{ type: 'need', digest: 'd1' }]);
  socket().say({ type: 'worker', digest: 'd1', name: 'w' }, new Uint8Array([0]));
  await settle();
  expect(host.calls).toHaveLength(2);
  host.say({ type: 'answered', call: host.calls[0]!.call, output: new ArrayBuffer(1), ranMs: 3 });
  host.say({ type: 'failed', call: host.calls[1]!.call, failure: { error: 'bad_input', message: 'no', field: 'A', rule: 'shape' }, ranMs: 1 });
  await settle();
  expect(socket().heard.slice(2)).toEqual([{ type: 'answer', call: 1, ranMs: 3 }, { type: 'failed', call: 2, error: 'bad_input', message: 'no', field: 'A', rule: 'shape' }]);
  expect(ran.map(({ failure }) => failure)).toEqual([null, 'no']);
});

it('runs each call with the settings that were said last before it', async () => {
  const settings = (config: Record<string, string>, memoryPages?: number) => socket().say({ type: 'settings', digest: 'd1' }, new TextEncoder().encode(JSON.stringify({ config, hosts: [], memoryPages })));
  socket().say(call(1));
  settings({ vowels: 'y' }, 7);
  socket().say(call(2));
  socket().say({ type: 'worker', digest: 'd1', name: 'w' });
  await settle();
  expect(host.calls.map(({ key }) => key)).toEqual(['d1', 'd1 {"config":{"vowels":"y"},"memoryPages":7}']);
  settings({});
  socket().say(call(3));
  await settle();
  expect(host.calls.at(-1)?.key).toBe('d1');
  socket().close();
  await clock.advance(1000);
  socket().onopen?.();
  expect(socket().heard).toEqual([expect.objectContaining({ type: 'hello', workers: ['d1'] })]);
});

it('runs no file that is not the one it asked for', async () => {
  host.digest = 'another';
  socket().say(call(1));
  socket().say({ type: 'worker', digest: 'd1', name: 'w' });
  await settle();
  expect(host.calls).toHaveLength(0);
  expect(socket().heard.at(-1)).toMatchObject({ type: 'failed', call: 1, error: 'unavailable' });
});

it('drops what ran when the connection breaks, comes back, and says what it has', async () => {
  socket().say(call(1));
  socket().say({ type: 'worker', digest: 'd1', name: 'w' });
  await settle();
  const first = socket();
  first.close();
  expect(link.state.getState().state).toBe('waiting');
  expect(host.heard.at(-1)).toMatchObject({ type: 'cancel' });
  await settle();
  await clock.advance(1000);
  expect(FakeSocket.made).toHaveLength(2);
  socket().onopen?.();
  expect(socket().heard).toEqual([expect.objectContaining({ type: 'hello', workers: ['d1'] })]);
  expect(first.heard.filter(({ type }) => type === 'failed')).toEqual([]);
});

it('beats every five seconds of the host, finishes what it has when it is taken back, and ends', async () => {
  for (let second = 0; second < 5; second++) host.say({ type: 'tick' });
  expect(socket().heard.at(-1)).toEqual({ type: 'beat', busy: 0, load: 0 });
  socket().say(call(1));
  socket().say({ type: 'worker', digest: 'd1', name: 'w' });
  await settle();
  link.drain();
  expect(socket().heard.at(-1)).toEqual({ type: 'drain' });
  expect(link.state.getState().state).toBe('draining');
  host.say({ type: 'answered', call: host.calls[0]!.call, output: new ArrayBuffer(), ranMs: 1 });
  await settle();
  expect(socket().heard.at(-1)).toEqual({ type: 'answer', call: 1, ranMs: 1 });
  expect(socket().readyState).toBe(3);
  expect(link.state.getState().state).toBe('ended');
  await clock.advance(60_000);
  expect(FakeSocket.made).toHaveLength(1);
});

it('ends a call that is cancelled, and answers it no more', async () => {
  socket().say(call(1));
  socket().say({ type: 'worker', digest: 'd1', name: 'w' });
  await settle();
  const before = socket().heard.length;
  socket().say({ type: 'cancel', call: 1 });
  await settle();
  expect(host.heard.at(-1)).toMatchObject({ type: 'cancel' });
  expect(socket().heard).toHaveLength(before);
});
