import { useEffect, useState } from 'react';
import { explain } from '@/platform/api';
import { DatabaseRefusal, LogReader, type DatabaseClient, type LogLine } from '@/platform/databases';
import { Backoff, systemClock } from '@/base/async';
import { useOpenDatabase } from './open-database';

const FIRST_LINES = 500;
const MOST_LINES = 5_000;

interface Log {
  /** Null before the first answer. */
  readonly lines: readonly LogLine[] | null;
  readonly failure: string | null;
  readonly isFollowing: boolean;
  readonly retry: () => void;
}

/** The last lines of the log and those that come; it is followed again after a broken connection. */
export function useLog(): Log {
  const { client } = useOpenDatabase();
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<Omit<Log, 'retry'>>({ lines: null, failure: null, isFollowing: false });
  useEffect(() => {
    const abort = new AbortController();
    void follow(client, abort.signal, (change) => {
      if (!abort.signal.aborted) setState(change);
    });
    return () => abort.abort();
  }, [client, attempt]);
  return { ...state, retry: () => setAttempt(attempt + 1) };
}

type Change = (change: (state: Omit<Log, 'retry'>) => Omit<Log, 'retry'>) => void;

async function follow(client: DatabaseClient, signal: AbortSignal, change: Change): Promise<void> {
  const backoff = new Backoff(500, 15_000);
  while (!signal.aborted) {
    try {
      const reader = (await client.followLog(FIRST_LINES, signal)).getReader();
      backoff.reset();
      change(() => ({ lines: [], failure: null, isFollowing: true }));
      await readAll(reader, change);
      change((state) => ({ ...state, isFollowing: false }));
    } catch (error) {
      if (signal.aborted) return;
      change((state) => ({ ...state, isFollowing: false, failure: explain(error) }));
      // what is not allowed now will not be in a moment
      if (error instanceof DatabaseRefusal && [401, 403, 404].includes(error.status)) return;
    }
    await new Promise<void>((done) => systemClock.after(backoff.next(), done));
  }
}

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>, change: Change): Promise<void> {
  const log = new LogReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = log.read(value);
    if (lines.length > 0) change((state) => ({ ...state, failure: null, lines: [...(state.lines ?? []), ...lines].slice(-MOST_LINES) }));
  }
}
