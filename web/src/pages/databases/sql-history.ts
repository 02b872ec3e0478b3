const MOST = 50;

/** A statement that was refused; the position is a character of it, from 0. */
export interface Refused {
  readonly text: string;
  readonly statement: string;
  readonly position: number | null;
}

const keyOf = (database: string) => `cloche.sql.${database}`;

/** The statements of a database that were run in this browser, newest first. */
export function readHistory(storage: Pick<Storage, 'getItem'>, database: string): readonly string[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(keyOf(database)) ?? '[]');
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string').slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** The history with a statement at its head, each only once; a browser that keeps nothing is no failure. */
export function addStatement(storage: Pick<Storage, 'getItem' | 'setItem'>, database: string, statement: string): readonly string[] {
  const history = [statement, ...readHistory(storage, database).filter((other) => other !== statement)].slice(0, MOST);
  try {
    storage.setItem(keyOf(database), JSON.stringify(history));
  } catch {
    // it is there until the page is left
  }
  return history;
}

/** The line of the statement in which the mistake is; lines and columns from 1. Null if there is no place. */
export function markOf({ statement, position }: Refused): { readonly line: string; readonly number: number; readonly column: number; readonly at: number } | null {
  if (position === null || position < 0) return null;
  const at = Math.min(position, statement.length);
  const start = statement.lastIndexOf('\n', at - 1) + 1;
  const end = statement.indexOf('\n', at);
  return { line: statement.slice(start, end < 0 ? undefined : end), number: statement.slice(0, start).split('\n').length, column: at - start + 1, at };
}
