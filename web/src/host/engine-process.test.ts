import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FromEngine } from '@/protocol';
import { EngineProcess } from './engine-process';
import type { FromWorker, ToWorker } from './worker-messages';

/** A worker that only listens. */
class FakeWorker extends EventTarget {
  readonly heard: ToWorker[] = [];
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  isTerminated = false;

  postMessage(message: ToWorker): void {
    this.heard.push(message);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  say(data: FromWorker): void {
    const event = new MessageEvent('message', { data });
    this.onmessage?.(event);
    this.dispatchEvent(event);
  }
}

const boot = { type: 'boot', engine: 'pyodide', environment: {}, wheels: [], files: [], folders: [], snapshot: 'auto' } as const;

let workers: FakeWorker[];
let heard: FromEngine[];
let engine: EngineProcess;

beforeEach(() => {
  vi.useFakeTimers();
  workers = [];
  heard = [];
  engine = new EngineProcess({
    startWorker: () => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker as unknown as Worker;
    },
    deliver: (message) => { heard.push(message); },
    bootSilence: 1000,
  });
});

afterEach(() => { vi.useRealTimers(); });

test('a start that hangs is tried once more without a snapshot, then given up', () => {
  engine.request(1, boot, []);
  vi.advanceTimersByTime(900);
  workers[0]?.say({ type: 'event', at: 0, event: { type: 'progress', phase: 'engine', what: '', done: 0, total: 0 } });
  vi.advanceTimersByTime(900);
  expect(workers).toHaveLength(1);
  vi.advanceTimersByTime(200);
  expect(workers[0]?.isTerminated).toBe(true);
  expect(workers[1]?.heard.at(-1)).toMatchObject({ type: 'request', id: 1, request: { snapshot: 'off' } });
  vi.advanceTimersByTime(1100);
  expect(workers[1]?.isTerminated).toBe(true);
  expect(heard.slice(-2)).toMatchObject([{ type: 'refused', id: 1, reason: 'failed' }, { type: 'status', status: { state: 'failed' } }]);
  expect(engine.isStarted).toBe(false);
});

test('a worker that dies refuses what is open, and another can be started', () => {
  engine.request(1, boot, []);
  workers[0]?.say({ type: 'fatal', at: 0, message: 'out of memory' });
  expect(heard).toMatchObject([{ type: 'refused', id: 1, message: 'out of memory' }, { type: 'status', status: { state: 'failed' } }]);
  engine.request(2, boot, []);
  expect(workers).toHaveLength(2);
});

test('a request without an engine, and a second start, are refused', () => {
  engine.request(1, { type: 'complete', code: '', cursor: 0 }, []);
  engine.request(2, boot, []);
  engine.request(3, boot, []);
  expect(heard).toMatchObject([{ type: 'refused', id: 1, reason: 'not-started' }, { type: 'refused', id: 3, reason: 'failed' }]);
});
