import { isObject, list, member, parseExact, textOf, type Json } from './exact-json';
import { readDefinition, type Definition } from './definition';
import { databasePass, type DatabasePass } from './database-pass';
import { readElements, type SatsElement } from './sats-types';

/** A refusal below `/v1`: a status and plain text. 530 is a refusal by the module itself. */
export class DatabaseRefusal extends Error {
  constructor(
    readonly status: number,
    text: string,
    /** The character of an SQL statement, from 0, at which something is wrong. */
    readonly position: number | null = null,
  ) {
    super(text.trim() === '' ? `The database answered ${status}.` : text.trim());
    this.name = 'DatabaseRefusal';
  }
}

export interface SqlResult {
  readonly columns: readonly SatsElement[];
  readonly rows: readonly Json[];
  readonly micros: number;
  readonly inserted: number;
  readonly deleted: number;
  readonly updated: number;
}

/** What publishing would do to a database. */
export type Plan =
  | { readonly kind: 'automatic'; readonly steps: string; readonly breaksClients: boolean; readonly token: string }
  | { readonly kind: 'manual'; readonly reason: string };

export interface PublishRules {
  readonly project?: string;
  readonly token?: string;
  readonly breaksClients?: boolean;
  readonly clear?: boolean;
}

/** The public protocol of one database over HTTP, as the person who is signed in. Every refusal is a {@link DatabaseRefusal}. */
export class DatabaseClient {
  private readonly address: string;

  constructor(
    name: string,
    private readonly pass: DatabasePass = databasePass,
  ) {
    this.address = `/v1/database/${encodeURIComponent(name)}`;
  }

  async exists(): Promise<boolean> {
    try {
      await this.send('', {});
      return true;
    } catch (error) {
      if (error instanceof DatabaseRefusal && error.status === 404) return false;
      throw error;
    }
  }

  async definition(): Promise<Definition> {
    return readDefinition(parseExact(await (await this.send('/schema?version=9', {})).text()));
  }

  /** Calls a reducer, which answers with null, or a procedure; also says how many microseconds it took. */
  async call(name: string, argumentsJson: string): Promise<{ readonly value: Json; readonly micros: number }> {
    const answer = await this.send(`/call/${encodeURIComponent(name)}`, { method: 'POST', body: argumentsJson, headers: { 'content-type': 'application/json' } });
    const text = await answer.text();
    return { value: text === '' ? null : parseExact(text), micros: Number(answer.headers.get('spacetime-execution-duration-micros') ?? 0) };
  }

  async sql(statement: string, signal?: AbortSignal): Promise<SqlResult> {
    const answer = await this.send('/sql', { method: 'POST', body: statement, headers: { 'content-type': 'text/plain' }, ...(signal && { signal }) });
    const first = list(parseExact(await answer.text()))[0];
    const stats = member(first, 'stats');
    return {
      columns: readElements(member(member(first, 'schema'), 'elements')),
      rows: list(member(first, 'rows')),
      micros: Number(member(first, 'total_duration_micros') ?? 0),
      inserted: Number(member(stats, 'rows_inserted') ?? 0),
      deleted: Number(member(stats, 'rows_deleted') ?? 0),
      updated: Number(member(stats, 'rows_updated') ?? 0),
    };
  }

  /** The last lines of the log and then those that come, as bytes of JSON lines, until the signal ends it. */
  async followLog(lines: number, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const { body } = await this.send(`/logs?follow=true&num_lines=${lines}`, { signal });
    if (body === null) throw new DatabaseRefusal(500, 'The server sent no log.');
    return body;
  }

  async plan(module: BodyInit): Promise<Plan> {
    const json = parseExact(await (await this.send('/pre_publish', { method: 'POST', body: module, headers: { 'content-type': 'application/wasm' } })).text());
    const manual = member(json, 'ManualMigrate');
    if (manual !== undefined) return { kind: 'manual', reason: textOf(member(manual, 'reason')).trim() };
    const automatic = member(json, 'AutoMigrate');
    return { kind: 'automatic', steps: textOf(member(automatic, 'migrate_plan')).trim(), breaksClients: member(automatic, 'break_clients') === true, token: textOf(member(automatic, 'token')) };
  }

  /** Makes the database, or gives it the module. */
  async publish(module: BodyInit, rules: PublishRules): Promise<'created' | 'updated'> {
    const query = new URLSearchParams({
      ...(rules.project !== undefined && { organization: rules.project }),
      ...(rules.token !== undefined && { token: rules.token }),
      ...(rules.breaksClients === true && { policy: 'BreakClients' }),
      ...(rules.clear === true && { clear: 'true' }),
    });
    const answer = await this.send(`?${query}`, { method: 'PUT', body: module, headers: { 'content-type': 'application/wasm' } });
    const json = parseExact(await answer.text());
    return isObject(json) && textOf(member(member(json, 'Success'), 'op')) === 'created' ? 'created' : 'updated';
  }

  async rename(names: readonly string[]): Promise<void> {
    await this.send('/names', { method: 'PUT', body: JSON.stringify(names), headers: { 'content-type': 'application/json' } });
  }

  async remove(): Promise<void> {
    await this.send('', { method: 'DELETE' });
  }

  /** The address of the WebSocket; its token holds for a minute and carries no roles. */
  async socketAddress(): Promise<string> {
    const answer = await this.fetch('/v1/identity/websocket-token', { method: 'POST' });
    const token = textOf(member(parseExact(await answer.text()), 'token'));
    const query = new URLSearchParams({ compression: 'None', token });
    return `${location.origin.replace(/^http/, 'ws')}${this.address}/subscribe?${query}`;
  }

  private send(path: string, request: RequestInit): Promise<Response> {
    return this.fetch(`${this.address}${path}`, request);
  }

  private async fetch(address: string, request: RequestInit): Promise<Response> {
    let answer = await this.once(address, request);
    if (answer.status === 401) {
      this.pass.forget();
      answer = await this.once(address, request);
    }
    if (answer.ok) return answer;
    const position = answer.headers.get('cloche-sql-position');
    throw new DatabaseRefusal(answer.status, await answer.text(), position === null ? null : Number(position));
  }

  private async once(address: string, request: RequestInit): Promise<Response> {
    const headers = { ...(request.headers as Record<string, string> | undefined), authorization: `Bearer ${await this.pass.token()}` };
    try {
      return await fetch(address, { ...request, headers, credentials: 'omit' });
    } catch (error) {
      if (request.signal?.aborted === true) throw error;
      throw new DatabaseRefusal(0, 'The server does not answer. Is it running?');
    }
  }
}
