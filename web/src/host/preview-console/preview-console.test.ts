import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PreviewConsole } from '@/protocol';
import { describe as shown, describeAll } from './describe';
import { watchConsole } from './preview-console';

describe('values in the console', () => {
  it('are written as people read them', () => {
    const round: Record<string, unknown> = { name: 'a' };
    round['self'] = round;

    expect(describeAll(['%s has %d of %i, %c%o %%', 'a', 2.7, '3', 'color: red', { b: [1, 'x'] }, 'rest'])).toBe('a has 2 of 3, {b: [1, "x"]} % rest');
    expect(describeAll(['50%', 1])).toBe('50% 1');
    expect(describeAll(['%s and %s', 1])).toBe('1 and %s');
    expect(describeAll([])).toBe('');
    expect(shown(round)).toBe('{name: "a", self: [circular]}');
    expect(shown({ a: { b: { c: { d: 1 } } } })).toBe('{a: {b: {c: {…}}}}');
    expect([null, undefined, 1n, true, Symbol('s')].map(shown)).toEqual(['null', 'undefined', '1n', 'true', 'Symbol(s)']);
    expect(shown(new Map([[1, new Set(['a'])]]))).toBe('Map {1 => Set {"a"}}');
    expect(shown(new (class Point { x = 1; })())).toBe('Point {x: 1}');
    expect(shown(new TypeError('no'))).toContain('TypeError: no');
    expect(shown(Array.from({ length: 60 }, () => 0))).toContain('… 10 more');
  });

  it('have an end, and never throw', () => {
    expect(shown('x'.repeat(10_000))).toHaveLength(4000);
    expect(shown({ get bad() { throw new Error('no'); } })).toBe('[object]');
    expect(shown(new Proxy({}, { getPrototypeOf: () => { throw new Error('no'); } }))).toBe('[object]');
  });
});

describe('a page whose console is watched', () => {
  const own = { ...console };
  const listeners = new Map<string, (event: unknown) => void>();
  const sent: { message: PreviewConsole; target: string }[] = [];

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('addEventListener', (type: string, listener: (event: unknown) => void) => { listeners.set(type, listener); });
    console.log = () => undefined;
    sent.length = 0;
    watchConsole('http://ide.test', { postMessage: (message: PreviewConsole, target: string) => { sent.push({ message, target }); } } as unknown as Window);
  });
  afterEach(() => {
    Object.assign(console, own);
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('tells the IDE and nobody else, in bundles with an end', () => {
    console.log('a', 1);
    listeners.get('unhandledrejection')?.({ reason: 'late' });
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(60);

    expect(sent).toEqual([{
      target: 'http://ide.test',
      message: { type: 'preview-console', lines: [{ level: 'log', text: 'a 1' }, { level: 'error', text: 'Uncaught (in promise) late' }], leftOut: 0 },
    }]);

    for (let i = 0; i < 1000; i += 1) {
      console.log(i);
    }
    listeners.get('pagehide')?.({});
    expect([sent[1]?.message.lines.length, sent[1]?.message.leftOut, sent.length]).toEqual([200, 800, 2]);
  });
});
