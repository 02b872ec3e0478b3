import { describe, expect, it } from 'vitest';
import { Checksum, checksumOf } from '@/host/engines/pyodide/checksum';

const words = Int32Array.from({ length: 1001 }, (_, i) => Math.imul(i, 0x9e3779b1));
const bytes = new Uint8Array(words.buffer);

describe('a checksum', () => {
  it('is the same however the words come', () => {
    for (const cuts of [[1, 2, 3], [5, 6, 500], [4, 8, 1000], [999]]) {
      const checksum = new Checksum();
      let from = 0;
      for (const to of [...cuts, words.length]) {
        checksum.add(words, from, to);
        from = to;
      }

      expect(checksum.value, String(cuts)).toBe(checksumOf(bytes));
    }
  });

  it('notices a changed bit, two words swapped, and a word less', () => {
    const changed = words.slice();
    changed[500] = (changed[500] ?? 0) ^ 1;
    const swapped = words.slice();
    [swapped[0], swapped[4]] = [words[4] ?? 0, words[0] ?? 0];

    const values = [words, changed, swapped, words.slice(1), words.slice(0, -1)].map((some) => checksumOf(new Uint8Array(some.buffer)));

    expect(new Set(values).size).toBe(5);
  });
});
