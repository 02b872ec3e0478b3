import { useEffect, useState } from 'react';

const steps: readonly (readonly [limit: number, unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  [3600, 'minute', 60],
  [86_400, 'hour', 3600],
  [7 * 86_400, 'day', 86_400],
  [30 * 86_400, 'week', 7 * 86_400],
  [365 * 86_400, 'month', 30 * 86_400],
  [Infinity, 'year', 365 * 86_400],
];

/** How long ago something was, in words; `now` and `then` in milliseconds since 1970. */
export function ago(then: number, now: number): string {
  const seconds = Math.max(0, (now - then) / 1000);
  if (seconds < 60) return 'just now';
  const step = steps.find(([limit]) => seconds < limit) ?? steps[steps.length - 1];
  if (!step) return 'long ago';
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(-Math.floor(seconds / step[2]), step[1]);
}

/** A time as «3 minutes ago», with the exact time as its tooltip; it grows older by itself. */
export function Ago({ time }: { readonly time: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  const date = new Date(time);
  return <time dateTime={time} title={date.toLocaleString()}>{ago(date.getTime(), now)}</time>;
}
