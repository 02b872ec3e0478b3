// The product of two matrices. Each value is summed up in the order of the inner index, one rounding a step, so that each
// build answers the same bits. What is cut how, and why, stands in ../../matrix/product.c.
import { take } from './host'

export const LONGEST_SIDE: u32 = 4096
export const MOST_VALUES: u32 = 4194304

const STRIP = 64
const ROW = STRIP * 8
const DEPTH = 64

export class Matrix {
  rows: u32 = 0
  columns: u32 = 0
  /** Row by row. */
  values: usize = 0
}

/** Adds the products of two rows of A, four values of each from LEFT on, and four rows of B. */
function addFour(strip: usize, b: usize, known: u32, left: usize): void {
  const p0 = load<f64>(left), p1 = load<f64>(left, 8), p2 = load<f64>(left, 16), p3 = load<f64>(left, 24)
  const q0 = load<f64>(left, 32), q1 = load<f64>(left, 40), q2 = load<f64>(left, 48), q3 = load<f64>(left, 56)
  const end = strip + ((known + 7) & ~7) * 8
  for (; strip < end; strip += 64, b += 64) {
    if (ASC_FEATURE_SIMD) {
      lanes(strip, b, p0, p1, p2, p3, q0, q1, q2, q3)
    } else {
      for (let i: usize = 0; i < 64; i += 8) {
        const v0 = load<f64>(b + i), v1 = load<f64>(b + i, ROW), v2 = load<f64>(b + i, 2 * ROW), v3 = load<f64>(b + i, 3 * ROW)
        store<f64>(strip + i, load<f64>(strip + i) + p0 * v0 + p1 * v1 + p2 * v2 + p3 * v3)
        store<f64>(strip + i, load<f64>(strip + i, ROW) + q0 * v0 + q1 * v1 + q2 * v2 + q3 * v3, ROW)
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function lanes(strip: usize, b: usize, p0: f64, p1: f64, p2: f64, p3: f64, q0: f64, q1: f64, q2: f64, q3: f64): void {
  const P0 = f64x2.splat(p0), P1 = f64x2.splat(p1), P2 = f64x2.splat(p2), P3 = f64x2.splat(p3)
  const Q0 = f64x2.splat(q0), Q1 = f64x2.splat(q1), Q2 = f64x2.splat(q2), Q3 = f64x2.splat(q3)
  for (let i: usize = 0; i < 64; i += 16) {
    const v0 = v128.load(b + i), v1 = v128.load(b + i, ROW), v2 = v128.load(b + i, 2 * ROW), v3 = v128.load(b + i, 3 * ROW)
    let one = f64x2.add(v128.load(strip + i), f64x2.mul(P0, v0))
    one = f64x2.add(one, f64x2.mul(P1, v1))
    one = f64x2.add(one, f64x2.mul(P2, v2))
    v128.store(strip + i, f64x2.add(one, f64x2.mul(P3, v3)))
    let two = f64x2.add(v128.load(strip + i, ROW), f64x2.mul(Q0, v0))
    two = f64x2.add(two, f64x2.mul(Q1, v1))
    two = f64x2.add(two, f64x2.mul(Q2, v2))
    v128.store(strip + i, f64x2.add(two, f64x2.mul(Q3, v3)), ROW)
  }
}

/** Into C, whose values have room for it. */
export function multiply(a: Matrix, b: Matrix, c: Matrix): void {
  const rows = a.rows, columns = b.columns, inner = ((a.columns + 3) / 4) * 4
  const strip = take(2 * ROW), panel = take(DEPTH * ROW), pair = take(DEPTH * 16)
  c.rows = rows
  c.columns = columns
  memory.fill(c.values, 0, <usize>rows * columns * 8)
  for (let column: u32 = 0; column < columns; column += STRIP) {
    const known = min(<u32>STRIP, columns - column), bytes = <usize>known * 8
    for (let k: u32 = 0; k < inner; k += DEPTH) {
      const count = min(<u32>DEPTH, inner - k)
      for (let at: u32 = 0; at < count; at++) {
        const to = panel + <usize>at * ROW
        memory.fill(to, 0, ROW)
        if (k + at < b.rows) memory.copy(to, b.values + (<usize>(k + at) * columns + column) * 8, bytes)
      }
      for (let row: u32 = 0; row < rows; row += 2) {
        const next = row + 1 < rows ? row + 1 : row
        takeRows(a, row, next, k, count, pair)
        const one = c.values + (<usize>row * columns + column) * 8, two = c.values + (<usize>next * columns + column) * 8
        memory.copy(strip, one, bytes)
        memory.copy(strip + ROW, two, bytes)
        for (let at: u32 = 0; at < count; at += 4) addFour(strip, panel + <usize>at * ROW, known, pair + <usize>at * 16)
        memory.copy(two, strip + ROW, bytes)
        memory.copy(one, strip, bytes)
      }
    }
  }
}

/** The values of two rows of A from K on, four of each after the other; zero beyond the last. */
function takeRows(a: Matrix, row: u32, next: u32, k: u32, count: u32, to: usize): void {
  const left = a.values + <usize>row * a.columns * 8, right = a.values + <usize>next * a.columns * 8
  for (let at: u32 = 0; at < count; at += 4, to += 64) {
    for (let i: u32 = 0; i < 4; i++) {
      const inside = k + at + i < a.columns, offset = <usize>(k + at + i) * 8
      store<f64>(to + <usize>i * 8, inside ? load<f64>(left + offset) : 0)
      store<f64>(to + <usize>i * 8 + 32, inside ? load<f64>(right + offset) : 0)
    }
  }
}
