// The binary form of the matrix worker: u32 rows, inner, columns and zero, then A and B row by row as doubles, all little
// endian; the answer is u32 rows, columns, then the doubles.

export interface Matrices {
  readonly size: number;
  readonly a: Float64Array<ArrayBuffer>;
  readonly b: Float64Array<ArrayBuffer>;
}

/** Two square matrices of numbers between -1 and 1. */
export function randomMatrices(size: number, random: () => number = Math.random): Matrices {
  const values = () => new Float64Array(size * size).map(() => random() * 2 - 1);
  return { size, a: values(), b: values() };
}

export function encodeMatrices({ size, a, b }: Matrices): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16 + (a.length + b.length) * 8);
  new Uint32Array(bytes.buffer, 0, 4).set([size, size, size, 0]);
  new Float64Array(bytes.buffer, 16).set(a);
  new Float64Array(bytes.buffer, 16 + a.length * 8).set(b);
  return bytes;
}

/** The product of an answer; null if it is none of this size. */
export function decodeProduct(answer: Uint8Array, size: number): Float64Array<ArrayBuffer> | null {
  if (answer.length !== 8 + size * size * 8) return null;
  const own = new Uint8Array(answer);
  const [rows, columns] = new Uint32Array(own.buffer, 0, 2);
  return rows === size && columns === size ? new Float64Array(own.buffer.slice(8)) : null;
}

/** How far an answer is from the product. */
export interface Check {
  readonly isRight: boolean;
  readonly largestError: number;
}

/** Rows that are computed before the page may draw again. */
const ROWS_AT_ONCE = 16;

/**
 * The product of two matrices computed here, in JavaScript and in another order of additions than a worker's: each number of
 * an answer may differ by what adding doubles in any order may differ.
 */
export class IndependentProduct {
  private constructor(private readonly values: Float64Array, private readonly bounds: Float64Array) {}

  /** Computes it, with pauses so that the page goes on. */
  static async of({ size, a, b }: Matrices): Promise<IndependentProduct> {
    const columns = new Float64Array(size * size);
    for (let row = 0; row < size; row++) for (let column = 0; column < size; column++) columns[column * size + row] = b[row * size + column] ?? 0;
    const values = new Float64Array(size * size);
    const bounds = new Float64Array(size * size);
    for (let row = 0; row < size; row++) {
      if (row % ROWS_AT_ONCE === 0) await new Promise((done) => setTimeout(done));
      for (let column = 0; column < size; column++) {
        let sum = 0;
        let magnitude = 0;
        for (let at = size - 1; at >= 0; at--) {
          const term = (a[row * size + at] ?? 0) * (columns[column * size + at] ?? 0);
          sum += term;
          magnitude += Math.abs(term);
        }
        values[row * size + column] = sum;
        bounds[row * size + column] = magnitude * size * 2 ** -52;
      }
    }
    return new IndependentProduct(values, bounds);
  }

  check(answer: Float64Array): Check {
    let isRight = answer.length === this.values.length;
    let largestError = 0;
    for (const [at, value] of this.values.entries()) {
      const error = Math.abs(value - (answer[at] ?? NaN));
      // also when the answer has no number there
      if (!(error <= (this.bounds[at] ?? 0))) isRight = false;
      largestError = Math.max(largestError, Number.isNaN(error) ? Infinity : error);
    }
    return { isRight, largestError };
  }
}
