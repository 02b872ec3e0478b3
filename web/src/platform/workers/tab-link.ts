import { Backoff, systemClock, type Clock } from '@/base/async';
import type { Disposable } from '@/base/disposable';
import { ValueStore } from '@/base/store';
import { explain } from '@/platform/api';
import type { LoadedWorker, WorkerHostSettings } from '@/protocol';
import { decode, encode, type FromCoordinator, type ToCoordinator } from './link-messages';
import { noSettings, TabCallFailure, type TabEngine } from './tab-engine';

export type LinkState =
  | { readonly state: 'connecting' }
  | { readonly state: 'linked'; readonly node: string }
  | { readonly state: 'waiting'; readonly cause: string }
  /** It takes no calls any more and finishes those that it has. */
  | { readonly state: 'draining' }
  | { readonly state: 'ended' };

/** A call that this tab ran for others. */
export interface LentCall {
  readonly worker: string;
  readonly function: string;
  readonly at: number;
  readonly ranMs: number;
  readonly failure: string | null;
}

export interface TabLinkOptions {
  readonly name: string;
  readonly engine: string;
  readonly slots: number;
  readonly onRun: (call: LentCall) => void;
  readonly onBusy: (busy: number) => void;
}

type Call = Extract<FromCoordinator, { type: 'call' }>;

/** Calls that wait for a file, all with the same settings. */
interface Waiting {
  readonly digest: string;
  readonly settings: WorkerHostSettings;
  readonly calls: { readonly call: Call; readonly input: ArrayBuffer }[];
}

const BEAT_TICKS = 5;
const OVER = 1000;
/** Calls that wait for their worker's file. */
const MOST_WAITING = 256;

/** The link of a lent tab to the coordinator; it connects again by itself. */
export class TabLink implements Disposable {
  readonly state = new ValueStore<LinkState>({ state: 'connecting' });
  private readonly backoff = new Backoff(500, 10_000);
  /** What the engine has, by digest and settings. */
  private readonly loaded = new Map<string, LoadedWorker>();
  private readonly waiting = new Map<string, Waiting>();
  /** What the server said on this connection, by digests. */
  private readonly settings = new Map<string, WorkerHostSettings>();
  private running = new Map<number, AbortController>();
  private socket: WebSocket | null = null;
  private retry: Disposable | null = null;
  private isOver = false;
  private sinceBeat = 0;
  private readonly ticking: Disposable;

  constructor(
    private readonly engine: TabEngine,
    private readonly options: TabLinkOptions,
    private readonly clock: Clock = systemClock,
    private readonly make: () => WebSocket = () => new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/nodes/link`),
  ) {
    this.ticking = engine.onTick(() => this.beat());
    this.connect();
  }

  /** Those that it runs as they are. */
  private get digests(): string[] {
    return [...this.loaded.values()].filter(({ key, digest }) => key === digest).map(({ digest }) => digest);
  }

  /** Takes no new calls, finishes those it has, and ends. */
  drain(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.retry?.dispose();
    this.state.set({ state: 'draining' });
    this.send({ type: 'drain' });
    this.endIfIdle();
  }

  /** Ends at once: the coordinator gives its calls elsewhere. */
  dispose(): void {
    this.isOver = true;
    this.end();
  }

  private connect(): void {
    this.retry?.dispose();
    if (this.isOver) return;
    this.state.set({ state: 'connecting' });
    let socket: WebSocket;
    try {
      socket = this.make();
    } catch (error) {
      this.again(explain(error));
      return;
    }
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    socket.onopen = () => {
      const { name, engine, slots } = this.options;
      this.send({ type: 'hello', kind: 'tab', name, engine, simd: this.engine.capabilities.simd, slots, workers: this.digests });
    };
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
      const message = typeof data === 'string' ? null : decode(data);
      if (message !== null && this.socket === socket) this.receive(message.head, message.bytes);
    };
    socket.onclose = ({ reason }) => {
      if (this.socket === socket) this.lost(reason === '' ? 'The server does not answer.' : reason);
    };
  }

  /** What still runs is of no use to anybody: the coordinator gives it elsewhere. */
  private lost(cause: string): void {
    this.socket = null;
    for (const running of this.running.values()) running.abort();
    this.running = new Map();
    this.waiting.clear();
    this.settings.clear();
    this.options.onBusy(0);
    if (this.isOver) this.end();
    else this.again(cause);
  }

  private again(cause: string): void {
    this.state.set({ state: 'waiting', cause });
    this.retry = this.clock.after(this.backoff.next(), () => this.connect());
  }

  private receive(head: FromCoordinator, bytes: ArrayBuffer): void {
    switch (head.type) {
      case 'welcome':
        this.backoff.reset();
        if (!this.isOver) this.state.set({ state: 'linked', node: head.node });
        break;
      case 'call':
        this.take(head, bytes);
        break;
      case 'cancel':
        this.running.get(head.call)?.abort();
        this.running.delete(head.call);
        this.options.onBusy(this.running.size);
        this.endIfIdle();
        break;
      case 'settings':
        this.settings.set(head.digest, readSettings(bytes));
        break;
      case 'worker':
        void this.arrived(head.digest, head.name, bytes);
        break;
    }
  }

  private take(call: Call, input: ArrayBuffer): void {
    const settings = this.settings.get(call.digest) ?? noSettings;
    const name = wantedName(call.digest, settings);
    const loaded = this.loaded.get(name);
    if (loaded !== undefined) {
      void this.run(call, loaded.key, input);
      return;
    }
    const { calls: others } = this.waiting.get(name) ?? { calls: [] };
    if (others.length >= MOST_WAITING) {
      this.send({ type: 'failed', call: call.call, error: 'busy', message: 'Too many calls wait for this worker to arrive.' });
      return;
    }
    if (others.length === 0) this.send({ type: 'need', digest: call.digest });
    this.waiting.set(name, { digest: call.digest, settings, calls: [...others, { call, input }] });
  }

  private async arrived(digest: string, name: string, file: ArrayBuffer): Promise<void> {
    const wanted = [...this.waiting].filter(([, one]) => one.digest === digest);
    await Promise.all(wanted.map(([of, { settings }]) => this.open({ of, digest, name, settings, file: file.slice(0) })));
    this.endIfIdle();
  }

  private async open({ of, digest, name, settings, file }: { of: string; digest: string; name: string; settings: WorkerHostSettings; file: ArrayBuffer }): Promise<void> {
    let refusal: string | null = null;
    try {
      const worker = await this.engine.load(name, file, settings);
      // what was asked for by its digest is not replaced by something else
      if (worker.digest === digest) this.loaded.set(of, worker);
      else refusal = `the file that came for ${digest} has the digest ${worker.digest}`;
    } catch (error) {
      refusal = explain(error);
    }
    const calls = this.waiting.get(of)?.calls ?? [];
    this.waiting.delete(of);
    const loaded = this.loaded.get(of);
    for (const { call, input } of calls) {
      if (loaded !== undefined) void this.run(call, loaded.key, input);
      else this.send({ type: 'failed', call: call.call, error: 'unavailable', message: `The tab cannot run this worker: ${refusal ?? 'it did not arrive'}` });
    }
  }

  private async run({ call, worker, function: name, timeoutMs }: Call, key: string, input: ArrayBuffer): Promise<void> {
    const cancelled = new AbortController();
    const { socket } = this;
    this.running.set(call, cancelled);
    this.options.onBusy(this.running.size);
    let failure: string | null = null;
    let ranMs = 0;
    let say: () => void;
    try {
      const answer = await this.engine.call({ key, function: name, input, timeoutMs, signal: cancelled.signal });
      ({ ranMs } = answer);
      say = () => this.send({ type: 'answer', call, ranMs }, answer.output);
    } catch (error) {
      const refused = error instanceof TabCallFailure ? error : new TabCallFailure({ error: 'unavailable', message: explain(error) }, 0);
      ({ ranMs } = refused);
      failure = refused.failure.message;
      say = () => this.send({ type: 'failed', call, ...refused.failure });
    }
    // cancelled, or of a connection that is gone
    if (socket !== this.socket || this.running.get(call) !== cancelled) return;
    this.running.delete(call);
    say();
    this.options.onBusy(this.running.size);
    this.options.onRun({ worker, function: name, at: this.clock.now(), ranMs, failure });
    this.endIfIdle();
  }

  private beat(): void {
    if (++this.sinceBeat < BEAT_TICKS) return;
    this.sinceBeat = 0;
    this.send({ type: 'beat', busy: this.running.size, load: Math.min(1, this.running.size / this.options.slots) });
  }

  private endIfIdle(): void {
    if (this.isOver && this.running.size === 0 && this.waiting.size === 0) this.end();
  }

  private end(): void {
    if (this.state.getState().state === 'ended') return;
    this.ticking.dispose();
    this.retry?.dispose();
    for (const running of this.running.values()) running.abort();
    this.running.clear();
    const { socket } = this;
    this.socket = null;
    socket?.close(OVER);
    this.state.set({ state: 'ended' });
    this.options.onBusy(0);
  }

  private send(head: ToCoordinator, bytes?: ArrayBuffer): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(encode(head, bytes));
  }
}

/** The same file with other settings is another worker. */
function wantedName(digest: string, settings: WorkerHostSettings): string {
  return `${digest} ${JSON.stringify(settings)}`;
}

/** A tab asks no hosts, so what may be asked does not matter here. */
function readSettings(bytes: ArrayBuffer): WorkerHostSettings {
  const { config, memoryPages } = JSON.parse(new TextDecoder().decode(bytes)) as WorkerHostSettings;
  return { config, ...(memoryPages !== undefined && { memoryPages }) };
}
