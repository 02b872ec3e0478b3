import { expect, it } from 'vitest';
import type { Statistics } from './queries';
import { merged } from './use-statistics';
import { nameFromFile, workerNameProblem } from '@/platform/workers';
import { formatMs, isForPeople, lastPlace, placeName, ranWhere, runningAt, sizeClass, waitsFor, whyNotInTabs } from './words';

it('keeps five minutes of seconds, and the later word about each', () => {
  const at = Date.parse('2030-01-01T00:10:00Z');
  const second = (ago: number, calls: number) => ({ at: at / 1000 - ago, calls, failed: 0, tasks: 0, hedged: 0, median: 1, p95: 1, slowest: 1, places: {} });
  const figures = (seconds: Statistics['seconds']): Statistics => ({ at: new Date(at).toISOString(), queue: { waiting: 0, running: 0, done: 0, dead: 0, cancelled: 0 }, seconds, nodes: [], places: [] });
  const both = merged(figures([second(400, 1), second(10, 2), second(2, 3)]), figures([second(1, 5), second(2, 4)]));
  expect(both.seconds.map(({ calls }) => calls)).toEqual([2, 4, 5]);
});

it('says where something ran', () => {
  const nodes = [{ id: 'n1', name: 'rack-7', kind: 'node' }, { id: 't1', name: 'Firefox 153', kind: 'tab' }] as const;
  expect(['here', 'local', 'n1', 't1', '0123456789abcdef'].map((id) => ranWhere(id, nodes))).toEqual(['in this tab', 'on the server', 'on rack-7', 'in Firefox 153', 'on 012345…']);
  expect(placeName('divided', nodes)).toBe('divided');
  expect(runningAt({ busy: 5, slots: 2 })).toBe(2);
});

it('says which place had a task last, also when that has gone', () => {
  const nodes = [{ id: '0123456789abcdef', name: 'rack-7', kind: 'node' }] as const;
  expect(lastPlace({}, nodes)).toBeNull();
  expect(lastPlace({ lastOn: { id: '0123456789abcdef', name: 'rack' } }, nodes)).toBe('rack-7');
  expect(lastPlace({ lastOn: { id: 'vvvvvvvvvvvvvvvv', name: 'laptop' } }, nodes)).toBe('laptop');
  expect(lastPlace({ lastOn: { id: 'vvvvvvvvvvvvvvvv' } }, nodes)).toBe('vvvvvv…');
  expect(lastPlace({ lastOn: { id: 'local,0123456789abcdef,local' } }, nodes)).toBe('the server, rack-7');
  expect(lastPlace({ lastOn: { id: 'person:vvvvvvvvvvvvvvvv' } }, nodes)).toBe('a program');
});

it('writes durations so that they read well', () => {
  expect([0.0123, 0.5, 1.5, 15.04, 150.4, 12_345].map(formatMs)).toEqual(['12 µs', '500 µs', '1.50 ms', '15.0 ms', '150 ms', '12.3 s']);
});

it('names classes of input sizes, and long times', () => {
  expect([0, 1, 2, 256, 512, 1024, 2 ** 19, 2 ** 20].map(sizeClass)).toEqual(['none', '1 B', '2–4 B', '256–512 B', '512–1024 B', '1–2 KiB', '512–1024 KiB', '1–2 MiB']);
  expect([999.4, 1000, 59_940, 60_000, 89 * 60_000, 5_400_000, 47 * 3_600_000, 72 * 3_600_000].map(formatMs)).toEqual(['999 ms', '1.0 s', '59.9 s', '1 min', '89 min', '2 h', '47 h', '3 days']);
});

it('says what a task waits for that no place takes yet', () => {
  const now = Date.parse('2030-01-01T00:00:00Z');
  const task = { state: 'waiting', where: 'auto', readyAt: '2030-01-01T00:00:00Z', attempts: 0 } as const;
  expect(waitsFor(task, now)).toBeNull();
  expect(waitsFor({ ...task, readyAt: '2030-01-01T00:10:00Z' }, now)).toBe('due in 10 min');
  expect(waitsFor({ ...task, readyAt: '2030-01-01T00:00:04Z', attempts: 1 }, now)).toBe('again in 4.0 s');
  expect(waitsFor({ ...task, where: 'pull' }, now)).toBe('for a program to fetch it');
  expect(waitsFor({ ...task, state: 'done', where: 'pull' }, now)).toBeNull();
});

it('makes names of files', () => {
  expect(['matrix.worker', 'My Worker (2).wasm', '.wasm'].map(nameFromFile)).toEqual(['matrix', 'my-worker-2', '']);
  expect(['matrix', 'a.b-c_d', 'Matrix', 'a--b', 'x'.repeat(65)].map((name) => workerNameProblem(name) === null)).toEqual([true, true, false, false, false]);
});

it('says why a worker does not run in tabs', () => {
  const wants = { hosts: [], paths: [], config: {}, memoryPages: 1, timeoutMs: 1 };
  expect(whyNotInTabs({ tabs: true, wants, settings: {} })).toBeNull();
  expect(whyNotInTabs({ tabs: false, wants: { ...wants, paths: ['data'] }, settings: {} })).toContain('wants folders');
  expect(whyNotInTabs({ tabs: false, wants, settings: { config: { key: { secret: true } } } })).toContain('has a secret');
  expect(whyNotInTabs({ tabs: false, wants: { ...wants, hosts: ['api.example.org'] }, settings: {} })).toContain('asks hosts');
});

it('shows people no functions that only split and join', () => {
  const one = { name: 'f', description: '', input: 'bytes', output: 'bytes', divisible: true } as const;
  expect([one, { ...one, partOf: 'g' }].map(isForPeople)).toEqual([true, false]);
});
