import { beforeEach, describe, expect, it } from 'vitest';
import { Kernel } from './kernel';
import { WorkerRefusal } from './refusal';

type Call = (...values: (bigint | number)[]) => bigint & number;

describe('the memory functions', () => {
  let kernel: Kernel;
  let call: Record<string, Call>;
  beforeEach(() => {
    kernel = new Kernel({ memory: 1 << 20, variables: 32 }, new Map([['greeting', 'hello']]), () => undefined);
    call = kernel.imports as unknown as Record<string, Call>;
    kernel.begin(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9]));
  });

  const put = (words: string) => {
    const bytes = new TextEncoder().encode(words);
    const at = call['alloc']!(BigInt(bytes.length));
    bytes.forEach((byte, index) => call['store_u8']!(at + BigInt(index), byte));
    return at;
  };
  const read = (at: bigint) => String.fromCharCode(...Array.from({ length: Number(call['length']!(at)) }, (_, index) => call['load_u8']!(at + BigInt(index))));

  it('give the input, byte by byte and eight at a time, and nothing behind it', () => {
    expect(call['input_length']!()).toBe(9n);
    expect(call['input_load_u8']!(8n)).toBe(9);
    expect(call['input_load_u64']!(1n)).toBe(0x0908070605040302n);
    for (const beyond of [2n, 9n, 1n << 32n, -1n, -8n]) expect(call['input_load_u64']!(beyond)).toBe(0n);
    expect(call['input_load_u8']!(9n)).toBe(0);
  });

  it('read 0 and write nothing at forged addresses', () => {
    for (const forged of [0xffff_ffffn, 1n << 40n, -1n, -4n, 1n << 63n]) {
      call['store_u8']!(forged, 7);
      call['store_u64']!(forged, 7n);
      expect(call['load_u8']!(forged)).toBe(0);
      expect(call['load_u64']!(forged)).toBe(0n);
      expect(call['length']!(forged)).toBe(0n);
      call['free']!(forged);
    }
    expect(() => call['output_set']!(64n, 1n << 40n)).toThrow(WorkerRefusal);
    expect(() => call['error_set']!(12_345n)).toThrow(WorkerRefusal);
    expect(() => call['config_get']!(-1n)).toThrow(WorkerRefusal);
  });

  it('take an output that is a part of a block', () => {
    call['output_set']!(put('a longer text') + 2n, 6n);
    expect(new TextDecoder().decode(kernel.output)).toBe('longer');
  });

  it('give what was freed to the next, and nothing of it to the next call', () => {
    const first = put('secret');
    call['free']!(first);
    expect(call['alloc']!(5n)).toBe(first);
    kernel.begin(new Uint8Array());
    expect(read(call['alloc']!(60n))).not.toContain('s');
  });

  it('know configuration and variables, within their bounds, from call to call', () => {
    expect(read(call['config_get']!(put('greeting')))).toBe('hello');
    for (const missing of ['toString', '__proto__', 'none']) expect(call['config_get']!(put(missing))).toBe(0n);
    call['var_set']!(put('count'), put('12'));
    kernel.begin(new Uint8Array());
    expect(read(call['var_get']!(put('count')))).toBe('12');
    expect(() => call['var_set']!(put('large'), put('x'.repeat(26)))).toThrow(WorkerRefusal);
    call['var_set']!(put('count'), 0n);
    expect(call['var_get']!(put('count'))).toBe(0n);
    call['var_set']!(put('large'), put('x'.repeat(26)));
  });

  it('end a guest that wants more memory than it may have', () => {
    expect(call['alloc']!(500_000n)).toBeGreaterThan(0n);
    expect(() => call['alloc']!(600_000n)).toThrow(expect.objectContaining({ error: 'out_of_memory' }));
    expect(() => call['alloc']!(-1n)).toThrow(expect.objectContaining({ error: 'out_of_memory' }));
  });
});
