import { useEffect, useState } from 'react';
import { explain } from '@/platform/api';
import { Events, field, RowSet, showValue, type DatabaseClient, type LiveRow, type TableDefinition, type Typespace } from '@/platform/databases';
import { useValue } from '@/ui/use-value';
import { useOpenDatabase } from './open-database';

/** So many rows are kept by the page; larger tables are read by SQL, without their changes. */
export const MOST_ROWS = 10_000;
const READ_ROWS = 1_000;
/** So many events are kept by the page. */
const MOST_EVENTS = 1_000;
/** Reading again after so long, and at least ten times as long as reading took. */
const POLL = 3_000;

export interface TableRows {
  readonly rows: readonly LiveRow[] | null;
  /** How they come: as they change, or read again and again. */
  readonly way: 'live' | 'read';
  readonly note: string | null;
  readonly failure: string | null;
  /** Of the last change; rows with this version have just changed. */
  readonly version: number;
}

const NOTHING: TableRows = { rows: null, way: 'live', note: null, failure: null, version: 0 };

/** The rows of a table: live by a subscription, or by SQL if the table is private to others or too large. */
export function useTableRows(table: TableDefinition): TableRows {
  const { socket, client, answer } = useOpenDatabase();
  const stored = answer.tables.find(({ name }) => name === table.name);
  const isLarge = (stored?.rows ?? 0) > MOST_ROWS;
  const isEvents = stored?.event === true;
  const [refused, setRefused] = useState<string | null>(null);
  const [state, setState] = useState<TableRows>(NOTHING);
  const connection = useValue(socket.state);
  useEffect(() => {
    setState(NOTHING);
    if (isLarge || refused !== null) return poll(client, table, isLarge, setState);
    const key = table.key === null ? null : { name: table.columns[table.key]?.name ?? '', index: table.key };
    const rows = isEvents ? new Events(MOST_EVENTS) : new RowSet(key, MOST_ROWS);
    const cut = isEvents ? `The last ${MOST_EVENTS.toLocaleString()} events are shown.` : `The first ${MOST_ROWS.toLocaleString()} rows are shown.`;
    let version = 0;
    let frame = 0;
    const show = () => {
      frame = 0;
      setState({ rows: rows.all, way: 'live', note: rows.isCut ? cut : null, failure: null, version });
    };
    // many changes may come between two pictures
    const soon = () => (frame === 0 ? (frame = requestAnimationFrame(show)) : frame);
    const subscription = socket.subscribe(table.name, {
      began: (texts) => { rows.begin(texts); if (!isEvents) version = 0; soon(); },
      changed: (changes) => { rows.apply(changes); version++; soon(); },
      refused: setRefused,
    });
    return () => {
      cancelAnimationFrame(frame);
      subscription.dispose();
    };
  }, [socket, client, table, isLarge, isEvents, refused]);
  return connection.state === 'waiting' && state.way === 'live' && !isLarge && refused === null ? { ...state, failure: `${connection.cause} It is tried again.` } : state;
}

/** Reads by SQL while the page is seen; returns how to end it. */
function poll(client: DatabaseClient, table: TableDefinition, isLarge: boolean, show: (state: TableRows) => void): () => void {
  const abort = new AbortController();
  const note = isLarge ? `The table has more than ${MOST_ROWS.toLocaleString()} rows, so only ${READ_ROWS.toLocaleString()} are read, every few seconds.` : 'You cannot subscribe to this table, so it is read every few seconds.';
  let timer: ReturnType<typeof setTimeout> | null = null;
  const read = async () => {
    if (document.visibilityState === 'hidden') {
      timer = setTimeout(() => void read(), POLL);
      return;
    }
    const began = Date.now();
    try {
      const { rows } = await client.sql(`SELECT * FROM "${table.name.replaceAll('"', '""')}" LIMIT ${READ_ROWS}`, abort.signal);
      show({ rows: rows.map((value, index) => ({ key: String(index), value, change: 'inserted', version: 0 })), way: 'read', note, failure: null, version: 0 });
    } catch (error) {
      if (abort.signal.aborted) return;
      show({ rows: null, way: 'read', note: null, failure: explain(error), version: 0 });
    }
    if (!abort.signal.aborted) timer = setTimeout(() => void read(), Math.max(POLL, 10 * (Date.now() - began)));
  };
  void read();
  return () => {
    abort.abort();
    if (timer !== null) clearTimeout(timer);
  };
}

/** The rows in which a text occurs, whatever its case. */
export function filterRows(types: Typespace, table: TableDefinition, rows: readonly LiveRow[], text: string): readonly LiveRow[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return rows;
  return rows.filter((row) => table.columns.some((column, index) => showValue(types, column.type, field(row.value, column, index)).whole.toLowerCase().includes(wanted)));
}
