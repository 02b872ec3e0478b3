import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { BuildRequest } from '@/protocol';
import { BuildBench } from './build-bench';
import type { FromCompiler, ToCompiler } from './compiler-messages';

/** A compiler that does nothing until it is told what to say. */
class FakeCompiler {
  static readonly made: FakeCompiler[] = [];
  onmessage: ((event: { data: FromCompiler }) => void) | null = null;
  onerror: ((event: { message: string; preventDefault(): void }) => void) | null = null;
  readonly heard: ToCompiler[] = [];
  isEnded = false;

  constructor() {
    FakeCompiler.made.push(this);
  }

  postMessage(message: ToCompiler): void {
    this.heard.push(message);
  }

  terminate(): void {
    this.isEnded = true;
  }

  say(message: FromCompiler): void {
    this.onmessage?.({ data: message });
  }
}

const request = (text = ''): BuildRequest => ({ sources: new Map([['a.ts', text]]), modules: [{ path: 'a.wasm', entry: 'a.ts', simd: false, isAlone: false }] });
const said: string[] = [];
let bench: BuildBench;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  FakeCompiler.made.length = 0;
  said.length = 0;
  bench = new BuildBench(() => new FakeCompiler() as unknown as Worker, {
    step: (id, at) => said.push(`${id} ${at.step}`),
    built: (id) => said.push(`${id} built`),
    failed: (id, failure) => said.push(`${id} ${failure.error}`),
  });
});
afterEach(() => vi.useRealTimers());

it('keeps the compiler for the next build, and gives it up when nothing is built for a while', () => {
  bench.build(1, request());
  FakeCompiler.made[0]!.say({ type: 'built', id: 1, result: { modules: [], problems: [] } });
  bench.build(2, request());
  FakeCompiler.made[0]!.say({ type: 'built', id: 2, result: { modules: [], problems: [] } });
  expect(said).toEqual(['1 built', '2 built']);
  expect(FakeCompiler.made).toHaveLength(1);

  vi.advanceTimersByTime(121_000);
  bench.checkTime();
  expect(FakeCompiler.made[0]!.isEnded).toBe(true);
});

it('ends a build that is cancelled, and only that one', () => {
  bench.build(1, request());
  bench.cancel(7);
  expect(said).toEqual([]);
  bench.cancel(1);
  expect(said).toEqual(['1 cancelled']);
  expect(FakeCompiler.made[0]!.isEnded).toBe(true);

  bench.build(2, request());
  expect(FakeCompiler.made).toHaveLength(2);
});

it('ends a build that takes too long, counted from when the compiler has been loaded', () => {
  bench.build(1, request());
  FakeCompiler.made[0]!.say({ type: 'step', id: 1, at: { step: 'loading' } });
  vi.advanceTimersByTime(200_000);
  FakeCompiler.made[0]!.say({ type: 'step', id: 1, at: { step: 'compiling', path: 'a.wasm', number: 1, of: 1 } });
  vi.advanceTimersByTime(119_000);
  expect(said).toEqual(['1 loading', '1 compiling']);
  vi.advanceTimersByTime(2_000);
  expect(said.at(-1)).toBe('1 timed_out');
  expect(FakeCompiler.made[0]!.isEnded).toBe(true);
});

it('refuses a second build at the same time, and what is too large', () => {
  bench.build(1, request());
  bench.build(2, request());
  bench.cancel(1);
  bench.build(3, request('x'.repeat(9 * 1024 * 1024)));
  expect(said).toEqual(['2 busy', '1 cancelled', '3 too_large']);
});

it('says so when the browser ends the compiler', () => {
  bench.build(1, request());
  FakeCompiler.made[0]!.onerror?.({ message: '', preventDefault: () => undefined });
  expect(said).toEqual(['1 unavailable']);
});
