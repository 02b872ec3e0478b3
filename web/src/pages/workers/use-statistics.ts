import { useEffect, useState } from 'react';
import { api, data, explain } from '@/platform/api';
import type { Statistics } from './queries';

const SPAN = 300;

export interface LiveStatistics {
  readonly statistics: Statistics | null;
  readonly failure: string | null;
}

/** The figures of the workers as they change, about once a second; with the seconds of the last five minutes. */
export function useStatistics(): LiveStatistics {
  const [live, setLive] = useState<LiveStatistics>({ statistics: null, failure: null });
  useEffect(() => {
    let isOver = false;
    const take = (news: Statistics) => {
      if (!isOver) setLive(({ statistics }) => ({ statistics: merged(statistics, news), failure: null }));
    };
    const fail = (error: unknown) => {
      if (!isOver) setLive(({ statistics }) => ({ statistics, failure: explain(error) }));
    };
    const events = new EventSource('/api/workers/events');
    // after a break there may be seconds that no event told
    events.onopen = () => void data(api.GET('/api/workers/statistics')).then(take, fail);
    events.addEventListener('statistics', ({ data: text }: MessageEvent<string>) => take(JSON.parse(text) as Statistics));
    events.onerror = () => fail('The figures do not come; trying again.');
    return () => {
      isOver = true;
      events.close();
    };
  }, []);
  return live;
}

/** The newest figures; of seconds that were told twice the later word counts. */
export function merged(before: Statistics | null, news: Statistics): Statistics {
  const seconds = new Map([...(before?.seconds ?? []), ...news.seconds].map((second) => [second.at, second]));
  const from = Math.floor(Date.parse(news.at) / 1000) - SPAN;
  return { ...news, seconds: [...seconds.values()].filter(({ at }) => at >= from).sort((a, b) => a.at - b.at) };
}
