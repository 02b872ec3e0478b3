/**
 * A client of live databases for web pages, in one file and without dependencies. It speaks version 1 of the public protocol
 * as JSON (`v1.json.spacetimedb`) over a WebSocket to the page's own address, keeps the rows of the tables that it is asked for,
 * tells what changes in them, calls reducers, and connects again by itself: what changed meanwhile is told then.
 *
 *     const live = new Live<Tables, Reducers>({ database: 'game', tables: { player: 'identity', message: null } });
 *     live.tables.player.onChange(({ inserted, updated, deleted }) => { ... });
 *     live.onState((state) => { ... });
 *     await live.call('join_game', 'Ada');
 *
 * Values are those of JSON, but for: identities are 64 hexadecimal digits, timestamps are `Date`, `X | None` is `X | null`.
 * Integers beyond 2^53 lose digits, as all numbers of JavaScript do.
 */

/** The columns of the primary key of each table that is watched; null for a table without one. */
type Keys<Tables> = { readonly [Name in keyof Tables]: (keyof Tables[Name] & string) | null };

/** What each reducer takes. */
type Parameters<Reducers> = { readonly [Name in keyof Reducers]: readonly unknown[] };

export interface LiveOptions<Tables> {
  readonly database: string;
  readonly tables: Keys<Tables>;
  /** Where the server is; the page's own address if left out. */
  readonly address?: string;
}

/** How the connection is. */
export type LiveState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** It is tried again by itself; `missing` says that the server has no such database yet. */
  | { readonly kind: 'waiting'; readonly reason: string; readonly missing: boolean }
  | { readonly kind: 'closed' };

/** What one transaction did to a table. */
export interface Change<Row> {
  readonly inserted: readonly Row[];
  readonly updated: readonly { readonly before: Row; readonly after: Row }[];
  readonly deleted: readonly Row[];
}

/** A call that the module refused, or that could not be sent; the text is for people. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
}

type Listener<Event> = (event: Event) => void;

/** The rows of one table, as they are at the server. */
export class LiveTable<Row extends object> {
  private readonly byText = new Map<string, Row>();
  private readonly byKey = new Map<unknown, Row>();
  private readonly listeners = new Set<Listener<Change<Row>>>();

  constructor(private readonly key: (keyof Row & string) | null) {}

  get size(): number {
    return this.byText.size;
  }

  rows(): Row[] {
    return [...this.byText.values()];
  }

  /** The row with this primary key. */
  get(key: unknown): Row | undefined {
    return this.byKey.get(key);
  }

  /** Calls back after each transaction that changed the table; the returned function ends that. */
  onChange(listener: Listener<Change<Row>>): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Takes rows, as their texts, out and in. Returns what to tell when all tables have changed. */
  apply(deletes: readonly string[], inserts: readonly string[]): () => void {
    const stay = new Set(inserts);
    const gone = new Map<unknown, Row>();
    for (const text of deletes) {
      const row = this.byText.get(text);
      if (row === undefined || stay.has(text)) continue;
      this.byText.delete(text);
      const key = this.key === null ? text : row[this.key];
      this.byKey.delete(key);
      gone.set(key, row);
    }
    const inserted: Row[] = [];
    const updated: { before: Row; after: Row }[] = [];
    for (const text of stay) {
      if (this.byText.has(text)) continue;
      const after = plain(JSON.parse(text)) as Row;
      const key = this.key === null ? text : after[this.key];
      const before = gone.get(key);
      this.byText.set(text, after);
      this.byKey.set(key, after);
      if (before === undefined) inserted.push(after);
      else updated.push({ before, after });
      gone.delete(key);
    }
    const change: Change<Row> = { inserted, updated, deleted: [...gone.values()] };
    if (inserted.length + updated.length + change.deleted.length === 0) return () => {};
    return () => this.listeners.forEach((listener) => listener(change));
  }

  /** Makes these rows all there are. */
  replace(rows: readonly string[]): () => void {
    return this.apply([...this.byText.keys()], rows);
  }
}

interface Update {
  readonly tables: readonly { readonly table_name: string; readonly updates: readonly { readonly deletes: readonly string[]; readonly inserts: readonly string[] }[] }[];
}

/** The messages of the server that matter here. */
interface Messages {
  readonly IdentityToken?: { readonly identity: unknown; readonly token: string };
  readonly SubscribeMultiApplied?: { readonly update: Update };
  readonly SubscriptionError?: { readonly error: string };
  readonly TransactionUpdateLight?: { readonly update: Update };
  readonly TransactionUpdate?: {
    readonly status: { readonly Committed?: Update; readonly Failed?: string };
    readonly caller_identity: unknown;
    readonly reducer_call: { readonly request_id: number };
  };
}

const FIRST_PAUSE = 300;
const LONGEST_PAUSE = 5000;

/** A connection to one database. */
export class Live<Tables extends { readonly [Name in keyof Tables]: object }, Reducers extends Parameters<Reducers>> {
  readonly tables: { readonly [Name in keyof Tables]: LiveTable<Tables[Name]> };
  private readonly address: URL;
  private readonly states = new Set<Listener<LiveState>>();
  private readonly calls = new Map<number, { readonly resolve: () => void; readonly reject: (reason: CallFailed) => void }>();
  private current: LiveState = { kind: 'connecting' };
  private socket: WebSocket | null = null;
  private me = '';
  private requests = 0;
  private pause = FIRST_PAUSE;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private trouble = '';

  constructor(private readonly options: LiveOptions<Tables>) {
    const tables = Object.entries(options.tables as Readonly<Record<string, string | null>>).map(([name, key]) => [name, new LiveTable<Record<string, unknown>>(key)]);
    this.tables = Object.fromEntries(tables) as this['tables'];
    this.address = new URL(options.address ?? location.origin);
    addEventListener('online', this.hurry);
    void this.connect();
  }

  get state(): LiveState {
    return this.current;
  }

  /** Who this browser is for the database: it stays the same, also tomorrow. Empty before the first connection. */
  get identity(): string {
    return this.me;
  }

  /** Calls back with the state as it is and whenever it changes; the returned function ends that. */
  onState(listener: Listener<LiveState>): () => void {
    this.states.add(listener);
    listener(this.current);
    return () => this.states.delete(listener);
  }

  /**
   * Calls a reducer. It is done, and this page's tables show it, when the promise is; it fails with {@link CallFailed} if the module
   * refuses, or if the connection is down.
   */
  call<Name extends keyof Reducers & string>(reducer: Name, ...args: Reducers[Name]): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.socket === null || this.current.kind !== 'live') {
        reject(new CallFailed('There is no connection at the moment.'));
        return;
      }
      const request = ++this.requests;
      this.calls.set(request, { resolve, reject });
      this.send({ CallReducer: { reducer, args: JSON.stringify(args), request_id: request, flags: 0 } });
    });
  }

  /** Ends the connection for good. */
  close(): void {
    removeEventListener('online', this.hurry);
    clearTimeout(this.timer);
    this.drop();
    this.become({ kind: 'closed' });
  }

  private readonly hurry = () => {
    if (this.current.kind !== 'waiting') return;
    clearTimeout(this.timer);
    void this.connect();
  };

  private async connect(): Promise<void> {
    this.trouble = '';
    try {
      const url = new URL(`/v1/database/${encodeURIComponent(this.options.database)}/subscribe`, this.address);
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
      url.searchParams.set('compression', 'None');
      url.searchParams.set('light', 'true');
      const token = await this.shortToken();
      if (token !== null) url.searchParams.set('token', token);
      if (this.current.kind === 'closed') return;
      const socket = new WebSocket(url, 'v1.json.spacetimedb');
      this.socket = socket;
      socket.onmessage = ({ data }) => this.heard(JSON.parse(String(data)) as Messages);
      socket.onclose = ({ reason }) => {
        if (this.socket === socket) void this.lost(this.trouble || reason);
      };
    } catch {
      await this.lost('');
    }
  }

  /** What proves who this browser is, for one minute: the token itself never stands in an address. Null for somebody new. */
  private async shortToken(): Promise<string | null> {
    const token = remembered(this.memory);
    if (token === null) return null;
    const answer = await fetch(new URL('/v1/identity/websocket-token', this.address), { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    if (answer.ok) return ((await answer.json()) as { token: string }).token;
    // a token that the server does not know any more: somebody new, then
    if (answer.status === 401) remember(this.memory, null);
    else throw new Error(`the server answers ${answer.status}`);
    return null;
  }

  private get memory(): string {
    return `live:${this.address.host}:${this.options.database}`;
  }

  private heard(message: Messages): void {
    if (message.IdentityToken !== undefined) {
      this.me = plain(message.IdentityToken.identity) as string;
      remember(this.memory, message.IdentityToken.token);
      const queries = Object.keys(this.tables).map((name) => `SELECT * FROM ${name}`);
      this.send({ SubscribeMulti: { query_strings: queries, request_id: ++this.requests, query_id: { id: 1 } } });
    } else if (message.SubscribeMultiApplied !== undefined) {
      this.begin(message.SubscribeMultiApplied.update);
    } else if (message.SubscriptionError !== undefined) {
      this.trouble = message.SubscriptionError.error;
      this.socket?.close();
    } else if (message.TransactionUpdateLight !== undefined) {
      this.change(message.TransactionUpdateLight.update);
    } else if (message.TransactionUpdate !== undefined) {
      const { status, caller_identity: caller, reducer_call: call } = message.TransactionUpdate;
      if (status.Committed !== undefined) this.change(status.Committed);
      if (plain(caller) === this.me) this.answered(call.request_id, status.Committed === undefined ? (status.Failed ?? 'The call ran out of energy.') : null);
    }
  }

  private begin(update: Update): void {
    const rows = new Map<string, string[]>(Object.keys(this.tables).map((name) => [name, []]));
    for (const { table_name: name, updates } of update.tables) rows.get(name)?.push(...updates.flatMap(({ inserts }) => inserts));
    const tell = [...rows].map(([name, texts]) => this.table(name)?.replace(texts));
    this.pause = FIRST_PAUSE;
    this.become({ kind: 'live' });
    tell.forEach((one) => one?.());
  }

  private change(update: Update): void {
    const tell = update.tables.flatMap(({ table_name: name, updates }) => updates.map(({ deletes, inserts }) => this.table(name)?.apply(deletes, inserts)));
    tell.forEach((one) => one?.());
  }

  private table(name: string): Pick<LiveTable<object>, 'apply' | 'replace'> | undefined {
    return (this.tables as Readonly<Record<string, Pick<LiveTable<object>, 'apply' | 'replace'>>>)[name];
  }

  private answered(request: number, failure: string | null): void {
    const call = this.calls.get(request);
    this.calls.delete(request);
    if (failure === null) call?.resolve();
    else call?.reject(new CallFailed(failure));
  }

  private async lost(reason: string): Promise<void> {
    this.drop();
    const missing = reason === '' && (await this.isMissing());
    if (this.state.kind === 'closed') return;
    const why = missing ? `There is no database “${this.options.database}” yet.` : reason || 'The server cannot be reached.';
    this.become({ kind: 'waiting', reason: why, missing });
    this.timer = setTimeout(() => void this.connect(), missing ? 2000 : this.pause * (0.75 + Math.random() / 2));
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
  }

  private async isMissing(): Promise<boolean> {
    const url = new URL(`/v1/database/${encodeURIComponent(this.options.database)}/schema?version=9`, this.address);
    return fetch(url, { method: 'HEAD' }).then(({ status }) => status === 404, () => false);
  }

  private drop(): void {
    const { socket } = this;
    this.socket = null;
    socket?.close();
    for (const { reject } of this.calls.values()) reject(new CallFailed('The connection was lost before the answer came.'));
    this.calls.clear();
  }

  private send(message: object): void {
    this.socket?.send(JSON.stringify(message));
  }

  private become(state: LiveState): void {
    this.current = state;
    this.states.forEach((listener) => listener(state));
  }
}

/**
 * The database of this page: the name in `database.json` beside it, which *Publish database* fills in, or else the app's own name.
 */
export async function databaseOfPage(): Promise<string> {
  const config: unknown = await fetch('database.json', { cache: 'no-cache' }).then((answer) => (answer.ok ? answer.json() : null), () => null);
  const name = typeof config === 'object' && config !== null && 'database' in config ? config.database : null;
  return typeof name === 'string' && name !== '' ? name : location.hostname.split('.')[0] ?? '';
}

/** A value of the protocol as a program likes it. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name, content] = entries[0] ?? [];
  if (entries.length === 1) {
    if (name === '__identity__') return String(content).replace(/^0x/, '');
    if (name === '__timestamp_micros_since_unix_epoch__') return new Date(Number(content) / 1000);
    if (name === 'some') return plain(content);
    if (name === 'none') return null;
  }
  return Object.fromEntries(entries.map(([key, one]) => [key, plain(one)]));
}

// A browser may forbid storage; then one is somebody new after each reload.
function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(key: string, token: string | null): void {
  try {
    if (token === null) localStorage.removeItem(key);
    else localStorage.setItem(key, token);
  } catch {
    // see above
  }
}
