import { Backoff, systemClock, type Clock } from '@/base/async';
import type { Disposable } from '@/base/disposable';
import { ValueStore } from '@/base/store';
import { explain } from '@/platform/api';
import { isObject, member, parseExact, textOf, type Json } from './exact-json';
import { changesOf, type RowChanges } from './row-set';

/** Whether live rows can come. */
export type SocketState = { readonly state: 'connecting' } | { readonly state: 'open' } | { readonly state: 'waiting'; readonly cause: string };

/** Who hears of one table. */
export interface TableListener {
  /** All rows that are there, as JSON texts. */
  began(rows: readonly string[]): void;
  changed(changes: RowChanges): void;
  /** The subscription is refused: a private table, for example. */
  refused(cause: string): void;
}

interface Subscription {
  readonly id: number;
  readonly table: string;
  readonly listener: TableListener;
}

const PROTOCOL = 'v1.json.spacetimedb';
const OVER = 1000;

/** One connection of the text protocol (version 1) to a database; it connects again by itself, and subscriptions with it. */
export class DatabaseSocket implements Disposable {
  readonly state = new ValueStore<SocketState>({ state: 'connecting' });
  private readonly subscriptions = new Map<number, Subscription>();
  private readonly backoff = new Backoff(500, 15_000);
  private socket: WebSocket | null = null;
  private retry: Disposable | null = null;
  private isDisposed = false;
  private isOpening = false;
  private lastId = 0;

  constructor(
    private readonly address: () => Promise<string>,
    private readonly clock: Clock = systemClock,
    private readonly make: (address: string) => WebSocket = (address) => new WebSocket(address, PROTOCOL),
  ) {}

  /** Hears of all rows of a table until it is disposed; connects if that was not done yet. */
  subscribe(table: string, listener: TableListener): Disposable {
    const subscription = { id: ++this.lastId, table, listener };
    this.subscriptions.set(subscription.id, subscription);
    if (this.isUp) this.ask(subscription);
    else void this.connect();
    return {
      dispose: () => {
        if (this.subscriptions.delete(subscription.id) && this.isUp) this.send('UnsubscribeMulti', { request_id: subscription.id, query_id: { id: subscription.id } });
      },
    };
  }

  /** Tries again now. */
  reconnect(): void {
    if (!this.isUp) void this.connect();
  }

  dispose(): void {
    this.isDisposed = true;
    this.retry?.dispose();
    this.subscriptions.clear();
    this.socket?.close(OVER);
  }

  private get isUp(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  private async connect(): Promise<void> {
    if (this.isOpening || this.isDisposed) return;
    this.isOpening = true;
    this.retry?.dispose();
    this.state.set({ state: 'connecting' });
    try {
      const address = await this.address();
      if (!this.isDisposed) this.listen(this.make(address));
    } catch (error) {
      this.again(explain(error));
    }
  }

  private listen(socket: WebSocket): void {
    this.socket = socket;
    socket.onopen = () => {
      if (this.isDisposed) return socket.close(OVER);
      this.isOpening = false;
      this.backoff.reset();
      this.state.set({ state: 'open' });
      for (const subscription of this.subscriptions.values()) this.ask(subscription);
    };
    socket.onmessage = ({ data }) => this.heard(parseExact(String(data)));
    socket.onclose = ({ reason }) => {
      if (this.socket === socket) this.socket = null;
      this.again(reason === '' ? 'The connection to the database ended.' : reason);
    };
  }

  private again(cause: string): void {
    this.isOpening = false;
    if (this.isDisposed) return;
    this.state.set({ state: 'waiting', cause });
    this.retry = this.clock.after(this.backoff.next(), () => void this.connect());
  }

  private ask({ id, table }: Subscription): void {
    this.send('SubscribeMulti', { request_id: id, query_id: { id }, query_strings: [`SELECT * FROM "${table.replaceAll('"', '""')}"`] });
  }

  private send(name: string, body: object): void {
    this.socket?.send(JSON.stringify({ [name]: body }));
  }

  private heard(message: Json): void {
    if (!isObject(message)) return;
    const [name = '', body] = Object.entries(message)[0] ?? [];
    switch (name) {
      case 'SubscribeMultiApplied': {
        const found = this.subscriptions.get(Number(member(member(body, 'query_id'), 'id')));
        found?.listener.began(changesOf(member(body, 'update'), found.table).inserts);
        break;
      }
      case 'SubscriptionError': {
        const id = Number(member(member(body, 'query_id'), 'some'));
        this.subscriptions.get(id)?.listener.refused(textOf(member(body, 'error')));
        break;
      }
      case 'TransactionUpdate':
        this.changed(member(member(body, 'status'), 'Committed'));
        break;
      case 'TransactionUpdateLight':
        this.changed(member(body, 'update'));
        break;
    }
  }

  private changed(update: Json | undefined): void {
    for (const { table, listener } of this.subscriptions.values()) {
      const changes = changesOf(update, table);
      if (changes.deletes.length + changes.inserts.length > 0) listener.changed(changes);
    }
  }
}
