import { beforeEach, describe, expect, it } from 'vitest';
import { Kernel } from './kernel';
import { WorkerRefusal } from './refusal';

type Call = (...values: (bigint | number)[]) => bigint & number;

/** What the kernel module does is tried in the room workers; here, what this page adds to it. */
describe('the functions of the host', () => {
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

  it('give the input and take the output, a part of a block too', () => {
    expect(call['input_length']!()).toBe(9n);
    expect(call['input_load_u64']!(1n)).toBe(0x0908070605040302n);
    expect(call['input_load_u8']!(9n)).toBe(0);
    call['output_set']!(put('a longer text') + 2n, 6n);
    expect(new TextDecoder().decode(kernel.output())).toBe('longer');
    call['error_set']!(put('so it is'));
    expect(kernel.end()).toMatchObject({ error: 'so it is', isRefused: false });
  });

  it('do not take forged addresses', () => {
    for (const forged of [1n, 12_345n, 0xffff_ffffn, 1n << 40n, -1n, -4n, 1n << 63n]) {
      expect(() => call['config_get']!(forged)).toThrow(WorkerRefusal);
      expect(() => call['var_set']!(put('a'), forged)).toThrow(WorkerRefusal);
      expect(() => call['log_info']!(forged)).toThrow(WorkerRefusal);
      call['output_set']!(forged, 1n << 40n);
      call['error_set']!(forged);
      expect(kernel.end()).toMatchObject({ error: null, outputLength: 0 });
    }
  });

  it('know configuration, and variables within their bounds, until the next call', () => {
    expect(read(call['config_get']!(put('greeting')))).toBe('hello');
    for (const missing of ['toString', '__proto__', 'none']) expect(call['config_get']!(put(missing))).toBe(0n);
    call['var_set']!(put('count'), put('12'));
    expect(read(call['var_get']!(put('count')))).toBe('12');
    expect(() => call['var_set']!(put('large'), put('x'.repeat(26)))).toThrow('Variable store is full');
    call['var_set']!(put('count'), 0n);
    expect(call['var_get']!(put('count'))).toBe(0n);
    call['var_set']!(put('large'), put('x'.repeat(26)));
    kernel.begin(new Uint8Array());
    expect(call['var_get']!(put('large'))).toBe(0n);
  });

  it('bound the memory', () => {
    expect(call['alloc']!(900_000n)).toBeGreaterThan(0n);
    expect(call['alloc']!(200_000n)).toBe(0n);
    expect(kernel.end().isRefused).toBe(true);
    expect(() => kernel.begin(new Uint8Array(1 << 20))).toThrow(expect.objectContaining({ error: 'out_of_memory' }));
    expect(kernel.memoryBytes).toBeLessThanOrEqual(1 << 20);
  });
});
