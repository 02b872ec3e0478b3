import { useEffect, useState } from 'react';
import type { DatabaseAnswer } from './queries';
import type { Point } from '@/ui/series';

const MOST = 900;
const histories = new Map<string, Point[]>();

/** The sizes that this page has seen since it was loaded, and the time of the last one in seconds. */
export function useSizes(name: string, answer: DatabaseAnswer): { readonly points: readonly Point[]; readonly now: number } {
  const [now, setNow] = useState(() => Math.floor(Date.now() / 1000));
  useEffect(() => {
    const at = Math.floor(Date.now() / 1000);
    const history = histories.get(name) ?? [];
    histories.set(name, [...history.filter((point) => point.at < at).slice(-MOST), { at, value: answer.database.bytes }]);
    setNow(at);
  }, [name, answer]);
  // an answer that says the same is not told again, but time goes on
  useEffect(() => {
    const timer = setInterval(() => setNow(Math.floor(Date.now() / 1000)), 1000);
    return () => clearInterval(timer);
  }, []);
  const history = histories.get(name) ?? [{ at: now, value: answer.database.bytes }];
  return { points: [...history, { at: now, value: answer.database.bytes }], now };
}
