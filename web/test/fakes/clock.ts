import type { Clock } from '@/base/async';

/** A clock that stands still until it is moved; runs what is due, in order, and lets promises settle in between. */
export class FakeClock implements Clock {
  private time = Date.UTC(2026, 10, 21, 9, 30, 5);
  private timers: { at: number; callback: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(milliseconds: number, callback: () => void) {
    const timer = { at: this.time + milliseconds, callback };
    this.timers.push(timer);
    return { dispose: () => void (this.timers = this.timers.filter((other) => other !== timer)) };
  }

  async advance(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    await settle();
    for (;;) {
      const next = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.time = Math.max(this.time, next.at);
      this.timers = this.timers.filter((timer) => timer !== next);
      next.callback();
      await settle();
    }
    this.time = end;
  }
}

/**
 * Lets everything run that does not wait for time. Digests are computed on threads beside the event loop, so each turn
 * also waits for four of its own, one for each of those threads: what was asked for earlier is done then.
 */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all(Array.from({ length: 4 }, () => crypto.subtle.digest('SHA-256', new Uint8Array(64))));
  }
}
