import { Backoff, systemClock, type Clock } from '@/base/async';
import type { Disposable } from '@/base/disposable';
import { ValueStore } from '@/base/store';
import { explain } from '@/platform/api';
import { decode, encode, type FromCoordinator, type ToCoordinator } from './link-messages';
import { TabCallFailure, type TabEngine } from './tab-engine';

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

const BEAT_TICKS = 5;
const OVER = 1000;
/** Calls that wait for their worker's file. */
const MOST_WAITING = 256;

/** The link of a lent tab to the coordinator; it connects again by itself. */
export class TabLink implements Disposable {
  readonly state = new ValueStore<LinkState>({ state: 'connecting' });
  private readonly backoff = new Backoff(500, 10_000);
  private readonly loaded = new Set<string>();
  private readonly waiting = new Map<string, { readonly call: Call; readonly input: ArrayBuffer }[]>();
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
      this.send({ type: 'hello', kind: 'tab', name, engine, simd: this.engine.capabilities.simd, slots, workers: [...this.loaded] });
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
      case 'worker':
        void this.arrived(head.digest, head.name, bytes);
        break;
    }
  }

  private take(call: Call, input: ArrayBuffer): void {
    if (this.loaded.has(call.digest)) {
      void this.run(call, input);
      return;
    }
    const others = this.waiting.get(call.digest) ?? [];
    if (others.length >= MOST_WAITING) {
      this.send({ type: 'failed', call: call.call, error: 'busy', message: 'Too many calls wait for this worker to arrive.' });
      return;
    }
    if (others.length === 0) this.send({ type: 'need', digest: call.digest });
    this.waiting.set(call.digest, [...others, { call, input }]);
  }

  private async arrived(digest: string, name: string, file: ArrayBuffer): Promise<void> {
    let refusal: string | null = null;
    try {
      const worker = await this.engine.load(name, file);
      // what was asked for by its digest is not replaced by something else
      if (worker.digest === digest) this.loaded.add(digest);
      else refusal = `the file that came for ${digest} has the digest ${worker.digest}`;
    } catch (error) {
      refusal = explain(error);
    }
    const calls = this.waiting.get(digest) ?? [];
    this.waiting.delete(digest);
    for (const { call, input } of calls) {
      if (refusal === null) void this.run(call, input);
      else this.send({ type: 'failed', call: call.call, error: 'unavailable', message: `The tab cannot run this worker: ${refusal}` });
    }
    this.endIfIdle();
  }

  private async run({ call, worker, digest, function: name, timeoutMs }: Call, input: ArrayBuffer): Promise<void> {
    const cancelled = new AbortController();
    const { socket } = this;
    this.running.set(call, cancelled);
    this.options.onBusy(this.running.size);
    let failure: string | null = null;
    let ranMs = 0;
    let say: () => void;
    try {
      const answer = await this.engine.call({ digest, function: name, input, timeoutMs, signal: cancelled.signal });
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
