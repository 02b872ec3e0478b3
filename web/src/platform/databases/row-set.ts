import { list, member, parseExact, type Json } from './exact-json';
import { field } from './sats-values';

/** A row as it is shown. */
export interface LiveRow {
  readonly key: string;
  readonly value: Json;
  /** What happened to it last, and by the how manieth change; 0 for rows that were there from the beginning. */
  readonly change: 'inserted' | 'updated';
  readonly version: number;
}

/** The changes of a table in one message: rows as JSON texts. */
export interface RowChanges {
  readonly deletes: readonly string[];
  readonly inserts: readonly string[];
}

/** Rows of a table as they change. */
export interface LiveRows {
  readonly all: readonly LiveRow[];
  /** Whether there are more than are kept. */
  readonly isCut: boolean;
  /** Replaces all rows: a subscription begins. */
  begin(texts: readonly string[]): void;
  apply(changes: RowChanges): void;
}

/** The rows of one table, oldest first. A row that is deleted and inserted with the same key in one change keeps its place. */
export class RowSet implements LiveRows {
  private readonly rows = new Map<string, LiveRow>();
  private version = 0;

  /**
   * @param key name and number of the column that tells rows apart; without one the whole row does
   * @param most more rows are not kept; {@link isCut} then says so
   */
  constructor(
    private readonly key: { readonly name: string; readonly index: number } | null,
    private readonly most: number,
  ) {}

  isCut = false;

  get all(): readonly LiveRow[] {
    return [...this.rows.values()];
  }

  begin(texts: readonly string[]): void {
    this.rows.clear();
    this.isCut = false;
    this.version = 0;
    for (const text of texts) this.put(text, 0);
  }

  apply({ deletes, inserts }: RowChanges): void {
    this.version++;
    const kept = new Set(this.key === null ? [] : inserts.map((text) => this.keyOf(text, parseExact(text))));
    for (const text of deletes) {
      const key = this.keyOf(text, parseExact(text));
      if (!kept.has(key)) this.rows.delete(key);
    }
    for (const text of inserts) this.put(text, this.version);
  }

  private put(text: string, version: number): void {
    const value = parseExact(text);
    const key = this.keyOf(text, value);
    const known = this.rows.has(key);
    if (!known && this.rows.size >= this.most) {
      this.isCut = true;
      return;
    }
    this.rows.set(key, { key, value, change: known ? 'updated' : 'inserted', version });
  }

  private keyOf(text: string, value: Json): string {
    return this.key === null ? text : JSON.stringify(field(value, { name: this.key.name }, this.key.index) ?? null);
  }
}

/** What an event table has told since somebody listens, the newest first. It outlasts a lost connection. */
export class Events implements LiveRows {
  private told: LiveRow[] = [];
  private version = 0;

  /** @param most older ones are forgotten */
  constructor(private readonly most: number) {}

  isCut = false;

  get all(): readonly LiveRow[] {
    return this.told;
  }

  begin(texts: readonly string[]): void {
    if (texts.length > 0) this.apply({ deletes: [], inserts: texts });
  }

  apply({ inserts }: RowChanges): void {
    const version = ++this.version;
    const newest = inserts.map((text, index) => ({ key: `${version} ${index}`, value: parseExact(text), change: 'inserted', version }) satisfies LiveRow).reverse();
    this.isCut ||= this.told.length + newest.length > this.most;
    this.told = [...newest, ...this.told].slice(0, this.most);
  }
}

/** The changes of a table out of a `DatabaseUpdate` of the protocol's version 1. */
export function changesOf(update: Json | undefined, table: string): RowChanges {
  const deletes: string[] = [];
  const inserts: string[] = [];
  for (const one of list(member(update, 'tables'))) {
    if (member(one, 'table_name') !== table) continue;
    for (const part of list(member(one, 'updates'))) {
      deletes.push(...list(member(part, 'deletes')).map(String));
      inserts.push(...list(member(part, 'inserts')).map(String));
    }
  }
  return { deletes, inserts };
}
