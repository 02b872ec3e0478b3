import { expect, it } from 'vitest';
import { everySecond, formatMicros, niceTop, pathOf } from './series';

it('fills seconds without calls', () => {
  expect(everySecond([{ at: 12, value: 5 }], 10, 13).map(({ value }) => value)).toEqual([0, 0, 5, 0]);
  expect([0, 0.7, 3, 51, 1000].map(niceTop)).toEqual([1, 1, 5, 100, 1000]);
  expect([999, 1500, 32767, 2_000_000].map(formatMicros)).toEqual(['999 µs', '1.5 ms', '33 ms', '2.0 s']);
});

it('draws a point that stands alone, and bridges no long pause', () => {
  const box = { width: 100, height: 10, from: 0, to: 100, top: 10 };
  expect(pathOf([{ at: 0, value: 0 }, { at: 1, value: 10 }, { at: 50, value: 5 }], box, 5)).toBe('M0.0 10.0h.01L1.0 0.0M50.0 5.0h.01');
});
