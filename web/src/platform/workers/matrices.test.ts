import { expect, it } from 'vitest';
import { decodeProduct, encodeMatrices, IndependentProduct, randomMatrices } from './matrices';

function product(size: number, a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(size * size);
  for (let row = 0; row < size; row++) for (let column = 0; column < size; column++) for (let at = 0; at < size; at++) result[row * size + column]! += a[row * size + at]! * b[at * size + column]!;
  return result;
}

it('writes matrices as the worker reads them', () => {
  const bytes = encodeMatrices({ size: 2, a: new Float64Array([1, 2, 3, 4]), b: new Float64Array([5, 6, 7, 8]) });
  expect(bytes).toHaveLength(16 + 64);
  expect([...new Uint32Array(bytes.buffer, 0, 4)]).toEqual([2, 2, 2, 0]);
  expect([...new Float64Array(bytes.buffer, 16)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

it('reads a product of this size only', () => {
  const answer = new Uint8Array(8 + 32);
  new Uint32Array(answer.buffer, 0, 2).set([2, 2]);
  new Float64Array(answer.buffer, 8).set([19, 22, 43, 50]);
  expect([...(decodeProduct(answer, 2) ?? [])]).toEqual([19, 22, 43, 50]);
  expect(decodeProduct(answer, 3)).toBeNull();
  expect(decodeProduct(new Uint8Array(40), 2)).toBeNull();
});

it('takes a product in any order of additions, and none that is wrong in a single number', async () => {
  const matrices = randomMatrices(40);
  const right = product(40, matrices.a, matrices.b);
  const independent = await IndependentProduct.of(matrices);
  expect(independent.check(right).isRight).toBe(true);
  expect(independent.check(right.subarray(1)).isRight).toBe(false);
  for (const wrong of [(right[777] ?? 0) + 1e-9, NaN, Infinity]) {
    const broken = right.slice();
    broken[777] = wrong;
    expect(independent.check(broken).isRight).toBe(false);
  }
});
