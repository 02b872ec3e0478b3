import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { openGuest, type Guest } from './guest';
import { withMemoryLimit } from './memory-limit';
import { failureOf, GuestError, WorkerRefusal } from './refusal';

const file = (name: string) => new Uint8Array(readFileSync(new URL(`../../../../examples/workers/matrix/${name}`, import.meta.url)));
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (words: string) => new TextEncoder().encode(words);

async function opened(name: string, pages = 4096): Promise<Guest> {
  const module = await WebAssembly.compile(withMemoryLimit(file(name), pages));
  return openGuest({ name: 'matrix', modules: [{ name: 'main', module }], config: new Map(), memoryBytes: pages * 65_536, variableBytes: 1 << 20 }, () => undefined);
}

/** Two matrices in the binary form, and their product computed here. */
function matrices(size: number) {
  const input = new Uint8Array(16 + 2 * size * size * 8);
  const view = new DataView(input.buffer);
  [size, size, size, 0].forEach((word, index) => view.setUint32(4 * index, word, true));
  const values = new Float64Array(2 * size * size).map((_, index) => Math.sin(index + 1));
  values.forEach((value, index) => view.setFloat64(16 + 8 * index, value, true));
  const product = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let sum = 0;
      for (let inner = 0; inner < size; inner++) sum += (values[row * size + inner] ?? 0) * (values[size * size + inner * size + column] ?? 0);
      product[row * size + column] = sum;
    }
  }
  return { input, product };
}

describe.each(['matrix.wasm', 'matrix.simd.wasm'])('the matrix worker in %s', (name) => {
  let guest: Guest;
  beforeAll(async () => {
    guest = await opened(name);
  });

  it('answers the curl line of the requirement', () => {
    expect(text(guest.call('multiply', bytes('{"A":"[[1,2],[3,4]]","B":[[5,6],[7,8]]}')))).toBe('[[19,22],[43,50]]');
  });

  it('says which field of the input is wrong, and can be called again', () => {
    let thrown: unknown;
    try {
      guest.call('multiply', bytes('{"A":[[1,2]],"B":[[1],[2],[3]]}'));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(GuestError);
    expect(failureOf((thrown as Error).message)).toMatchObject({ error: 'bad_input', field: 'B', rule: expect.any(String), message: expect.any(String) });
    expect(text(guest.call('multiply', bytes('{"A":[[2]],"B":[[3]]}')))).toBe('[[6]]');
  });

  it('multiplies binary matrices as JavaScript does', () => {
    const { input, product } = matrices(65);
    const output = guest.call('multiply_f64', input);
    expect(new Uint32Array(output.buffer, 0, 2)).toEqual(new Uint32Array([65, 65]));
    const got = new Float64Array(output.buffer.slice(8));
    expect(Math.max(...got.map((value, index) => Math.abs(value - (product[index] ?? 0))))).toBeLessThan(1e-12);
  });

  it('has no function that it does not export, nor its own start', () => {
    for (const unknown of ['divide', 'memory', '']) {
      expect(() => guest.call(unknown, bytes(''))).toThrow(expect.objectContaining({ error: 'unknown_function' }));
    }
  });
});

it('bounds the memory that a module makes itself', async () => {
  expect(() => withMemoryLimit(file('matrix.wasm'), 1)).toThrow(WorkerRefusal);
  const least = 64;
  const guest = await opened('matrix.wasm', least);
  expect(() => guest.call('multiply_f64', matrices(512).input)).toThrow();
  expect(guest.memoryBytes).toBeLessThanOrEqual(least * 65_536);
  // a product of 512 x 512, perhaps on a machine that has other things to do
}, 60_000);
