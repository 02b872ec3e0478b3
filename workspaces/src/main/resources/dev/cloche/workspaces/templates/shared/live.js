// Made of live.ts by Publish; change that file.
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
/** A call that the module refused, or that could not be sent; the text is for people. */
export class CallFailed extends Error {
    name = 'CallFailed';
}
/** The rows of one table, as they are at the server. */
export class LiveTable {
    key;
    byText = new Map();
    byKey = new Map();
    listeners = new Set();
    constructor(key) {
        this.key = key;
    }
    get size() {
        return this.byText.size;
    }
    rows() {
        return [...this.byText.values()];
    }
    /** The row with this primary key. */
    get(key) {
        return this.byKey.get(key);
    }
    /** Calls back after each transaction that changed the table; the returned function ends that. */
    onChange(listener) {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
    }
    /** Takes rows, as their texts, out and in. Returns what to tell when all tables have changed. */
    apply(deletes, inserts) {
        const stay = new Set(inserts);
        const gone = new Map();
        for (const text of deletes) {
            const row = this.byText.get(text);
            if (row === undefined || stay.has(text))
                continue;
            this.byText.delete(text);
            const key = this.key === null ? text : row[this.key];
            this.byKey.delete(key);
            gone.set(key, row);
        }
        const inserted = [];
        const updated = [];
        for (const text of stay) {
            if (this.byText.has(text))
                continue;
            const after = plain(JSON.parse(text));
            const key = this.key === null ? text : after[this.key];
            const before = gone.get(key);
            this.byText.set(text, after);
            this.byKey.set(key, after);
            if (before === undefined)
                inserted.push(after);
            else
                updated.push({ before, after });
            gone.delete(key);
        }
        const change = { inserted, updated, deleted: [...gone.values()] };
        if (inserted.length + updated.length + change.deleted.length === 0)
            return () => { };
        return () => this.listeners.forEach((listener) => listener(change));
    }
    /** Makes these rows all there are. */
    replace(rows) {
        return this.apply([...this.byText.keys()], rows);
    }
}
const FIRST_PAUSE = 300;
const LONGEST_PAUSE = 5000;
/** A connection to one database. */
export class Live {
    options;
    tables;
    address;
    states = new Set();
    calls = new Map();
    current = { kind: 'connecting' };
    socket = null;
    me = '';
    requests = 0;
    pause = FIRST_PAUSE;
    timer;
    trouble = '';
    constructor(options) {
        this.options = options;
        const tables = Object.entries(options.tables).map(([name, key]) => [name, new LiveTable(key)]);
        this.tables = Object.fromEntries(tables);
        this.address = new URL(options.address ?? location.origin);
        addEventListener('online', this.hurry);
        void this.connect();
    }
    get state() {
        return this.current;
    }
    /** Who this browser is for the database: it stays the same, also tomorrow. Empty before the first connection. */
    get identity() {
        return this.me;
    }
    /** Calls back with the state as it is and whenever it changes; the returned function ends that. */
    onState(listener) {
        this.states.add(listener);
        listener(this.current);
        return () => this.states.delete(listener);
    }
    /**
     * Calls a reducer. It is done, and this page's tables show it, when the promise is; it fails with {@link CallFailed} if the module
     * refuses, or if the connection is down.
     */
    call(reducer, ...args) {
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
    close() {
        removeEventListener('online', this.hurry);
        clearTimeout(this.timer);
        this.drop();
        this.become({ kind: 'closed' });
    }
    hurry = () => {
        if (this.current.kind !== 'waiting')
            return;
        clearTimeout(this.timer);
        void this.connect();
    };
    async connect() {
        this.trouble = '';
        try {
            const url = new URL(`/v1/database/${encodeURIComponent(this.options.database)}/subscribe`, this.address);
            url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
            url.searchParams.set('compression', 'None');
            url.searchParams.set('light', 'true');
            const token = await this.shortToken();
            if (token !== null)
                url.searchParams.set('token', token);
            if (this.current.kind === 'closed')
                return;
            const socket = new WebSocket(url, 'v1.json.spacetimedb');
            this.socket = socket;
            socket.onmessage = ({ data }) => this.heard(JSON.parse(String(data)));
            socket.onclose = ({ reason }) => {
                if (this.socket === socket)
                    void this.lost(this.trouble || reason);
            };
        }
        catch {
            await this.lost('');
        }
    }
    /** What proves who this browser is, for one minute: the token itself never stands in an address. Null for somebody new. */
    async shortToken() {
        const token = remembered(this.memory);
        if (token === null)
            return null;
        const answer = await fetch(new URL('/v1/identity/websocket-token', this.address), { method: 'POST', headers: { authorization: `Bearer ${token}` } });
        if (answer.ok)
            return (await answer.json()).token;
        // a token that the server does not know any more: somebody new, then
        if (answer.status === 401)
            remember(this.memory, null);
        else
            throw new Error(`the server answers ${answer.status}`);
        return null;
    }
    get memory() {
        return `live:${this.address.host}:${this.options.database}`;
    }
    heard(message) {
        if (message.IdentityToken !== undefined) {
            this.me = plain(message.IdentityToken.identity);
            remember(this.memory, message.IdentityToken.token);
            const queries = Object.keys(this.tables).map((name) => `SELECT * FROM ${name}`);
            this.send({ SubscribeMulti: { query_strings: queries, request_id: ++this.requests, query_id: { id: 1 } } });
        }
        else if (message.SubscribeMultiApplied !== undefined) {
            this.begin(message.SubscribeMultiApplied.update);
        }
        else if (message.SubscriptionError !== undefined) {
            this.trouble = message.SubscriptionError.error;
            this.socket?.close();
        }
        else if (message.TransactionUpdateLight !== undefined) {
            this.change(message.TransactionUpdateLight.update);
        }
        else if (message.TransactionUpdate !== undefined) {
            const { status, caller_identity: caller, reducer_call: call } = message.TransactionUpdate;
            if (status.Committed !== undefined)
                this.change(status.Committed);
            if (plain(caller) === this.me)
                this.answered(call.request_id, status.Committed === undefined ? (status.Failed ?? 'The call ran out of energy.') : null);
        }
    }
    begin(update) {
        const rows = new Map(Object.keys(this.tables).map((name) => [name, []]));
        for (const { table_name: name, updates } of update.tables)
            rows.get(name)?.push(...updates.flatMap(({ inserts }) => inserts));
        const tell = [...rows].map(([name, texts]) => this.table(name)?.replace(texts));
        this.pause = FIRST_PAUSE;
        this.become({ kind: 'live' });
        tell.forEach((one) => one?.());
    }
    change(update) {
        const tell = update.tables.flatMap(({ table_name: name, updates }) => updates.map(({ deletes, inserts }) => this.table(name)?.apply(deletes, inserts)));
        tell.forEach((one) => one?.());
    }
    table(name) {
        return this.tables[name];
    }
    answered(request, failure) {
        const call = this.calls.get(request);
        this.calls.delete(request);
        if (failure === null)
            call?.resolve();
        else
            call?.reject(new CallFailed(failure));
    }
    async lost(reason) {
        this.drop();
        const missing = reason === '' && (await this.isMissing());
        if (this.state.kind === 'closed')
            return;
        const why = missing ? `There is no database “${this.options.database}” yet.` : reason || 'The server cannot be reached.';
        this.become({ kind: 'waiting', reason: why, missing });
        this.timer = setTimeout(() => void this.connect(), missing ? 2000 : this.pause * (0.75 + Math.random() / 2));
        this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    }
    async isMissing() {
        const url = new URL(`/v1/database/${encodeURIComponent(this.options.database)}/schema?version=9`, this.address);
        return fetch(url, { method: 'HEAD' }).then(({ status }) => status === 404, () => false);
    }
    drop() {
        const { socket } = this;
        this.socket = null;
        socket?.close();
        for (const { reject } of this.calls.values())
            reject(new CallFailed('The connection was lost before the answer came.'));
        this.calls.clear();
    }
    send(message) {
        this.socket?.send(JSON.stringify(message));
    }
    become(state) {
        this.current = state;
        this.states.forEach((listener) => listener(state));
    }
}
/**
 * The database of this page: the name in `database.json` beside it, which *Publish database* fills in, or else the app's own name.
 */
export async function databaseOfPage() {
    const config = await fetch('database.json', { cache: 'no-cache' }).then((answer) => (answer.ok ? answer.json() : null), () => null);
    const name = typeof config === 'object' && config !== null && 'database' in config ? config.database : null;
    return typeof name === 'string' && name !== '' ? name : location.hostname.split('.')[0] ?? '';
}
/** A value of the protocol as a program likes it. */
function plain(value) {
    if (Array.isArray(value))
        return value.map(plain);
    if (typeof value !== 'object' || value === null)
        return value;
    const entries = Object.entries(value);
    const [name, content] = entries[0] ?? [];
    if (entries.length === 1) {
        if (name === '__identity__')
            return String(content).replace(/^0x/, '');
        if (name === '__timestamp_micros_since_unix_epoch__')
            return new Date(Number(content) / 1000);
        if (name === 'some')
            return plain(content);
        if (name === 'none')
            return null;
    }
    return Object.fromEntries(entries.map(([key, one]) => [key, plain(one)]));
}
// A browser may forbid storage; then one is somebody new after each reload.
function remembered(key) {
    try {
        return localStorage.getItem(key);
    }
    catch {
        return null;
    }
}
function remember(key, token) {
    try {
        if (token === null)
            localStorage.removeItem(key);
        else
            localStorage.setItem(key, token);
    }
    catch {
        // see above
    }
}
