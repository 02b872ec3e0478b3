// The matrix worker in AssemblyScript: the same functions, answers and errors as the one in C.
import { alloc, output_set } from '@extism/as-pdk/lib/env'
import { answer, begin, inputLength, inputU32, readInput, refuse, take, write } from './host'
import * as number from './number'
import * as product from './product'
import { LONGEST_SIDE, MOST_VALUES, Matrix } from './product'
import { Operand, Request, read } from './request'

let length: usize = 0

/** The input from OFFSET on; how long it is, is left in `length`. */
function input(offset: u64): usize {
  length = <usize>(inputLength() - offset)
  const text = take(length + 8)
  readInput(text, offset, length)
  return text
}

function allFinite(m: Matrix): bool {
  let sum: f64 = 0 // of v - v, which is 0 for each finite v and NaN for any other
  const end = m.values + <usize>m.rows * m.columns * 8
  for (let at = m.values; at < end; at += 8) sum += load<f64>(at) - load<f64>(at)
  return sum == 0
}

/** The product; its error is set where it has no values. */
function multiplied(a: Matrix, b: Matrix): Matrix {
  const c = new Matrix()
  c.values = take(<usize>a.rows * b.columns * 8)
  product.multiply(a, b, c)
  if (allFinite(c)) return c
  refuse('A', 'overflow', 'A value of the product is beyond the range of double precision.')
  c.values = 0
  return c
}

// ---- JSON ----

export function multiply(): i32 {
  begin()
  const text = input(0), asked = new Request()
  if (!read(text, length, asked)) return 1
  const c = multiplied(asked.a.matrix, asked.b.matrix)
  if (c.values == 0) return 1
  const start = take(<usize>c.rows * c.columns * (number.NUMBER_TEXT + 1) + <usize>c.rows * 3 + 2)
  let at = start
  for (let row: u32 = 0; row < c.rows; row++) {
    store<u8>(at++, row == 0 ? 91 : 44)
    for (let column: u32 = 0; column < c.columns; column++) {
      store<u8>(at++, column == 0 ? 91 : 44)
      at = number.write(load<f64>(c.values + (<usize>row * c.columns + column) * 8), at)
    }
    store<u8>(at++, 93)
  }
  store<u8>(at++, 93)
  return answer(start, at - start)
}

// ---- lists of parts: a count, then for each its length and its bytes, all numbers 32 bits, little-endian ----

const WORD = memory.data(16)

function writeU32(to: u64, value: u32): u64 {
  store<u32>(WORD, value)
  write(to, WORD, 4)
  return to + 4
}

function writeBytes(to: u64, from: usize, count: usize): u64 {
  write(to, from, count)
  return to + count
}

function writeText(to: u64, text: string): u64 {
  const bytes = String.UTF8.encode(text)
  return writeBytes(to, changetype<usize>(bytes), bytes.byteLength)
}

function hasParts(): bool {
  if (inputLength() >= 4) return true
  refuse('parts', 'missing', 'The input must begin with the number of parts, 4 bytes.')
  return false
}

/** How many parts are asked for, at most one for each row; 0 where that is wrong. */
function partsAsked(rows: u32): u32 {
  const parts = inputU32(0)
  if (parts == 0) refuse('parts', 'range', 'The number of parts must be at least 1.')
  return min(parts, rows)
}

function firstRow(rows: u32, part: u32, parts: u32): u32 {
  return <u32>((<u64>rows * part) / parts)
}

/** Where the text of the rows before TO ends. */
function endOf(operand: Operand, to: u32): usize {
  let end = operand.row(to)
  if (to < operand.matrix.rows) while (load<u8>(end - 1) != 93) end-- // the next row starts behind a comma and maybe spaces
  return end
}

/** Each part has some of A's rows, as they were written, and the whole of B. */
export function multiply_split(): i32 {
  begin()
  if (!hasParts()) return 1
  const text = input(4), asked = new Request()
  if (!read(text, length, asked)) return 1
  const rows = asked.a.matrix.rows, parts = partsAsked(rows)
  if (parts == 0) return 1
  const b = asked.b.row(0), right = asked.b.row(asked.b.matrix.rows) - b
  let size: u64 = 4
  for (let part: u32 = 0; part < parts; part++) size += 19 + right + (endOf(asked.a, firstRow(rows, part + 1, parts)) - asked.a.row(firstRow(rows, part, parts)))
  const list = alloc(size)
  let at = writeU32(list, parts)
  for (let part: u32 = 0; part < parts; part++) {
    const from = asked.a.row(firstRow(rows, part, parts)), left = endOf(asked.a, firstRow(rows, part + 1, parts)) - from
    at = writeU32(at, 15 + <u32>left + <u32>right)
    at = writeText(at, '{"A":[')
    at = writeBytes(at, from, left)
    at = writeText(at, '],"B":[')
    at = writeBytes(at, b, right)
    at = writeText(at, ']}')
  }
  output_set(list, at - list)
  return 0
}

function badList(): i32 {
  return refuse('parts', 'list', 'The input must be a list of results: their number, then for each its length and its bytes.')
}

export function multiply_join(): i32 {
  begin()
  const list = input(0), end = list + length, parts = length >= 4 ? load<u32>(list) : 0
  if (parts == 0) return badList()
  const start = take(length + 2)
  let from = list + 4, to = start
  for (let part: u32 = 0; part < parts; part++) {
    if (end - from < 4 || end - from - 4 < <usize>load<u32>(from)) return badList()
    const count = <usize>load<u32>(from), rows = from + 4
    if (count < 4 || load<u8>(rows) != 91 || load<u8>(rows + count - 1) != 93) return badList()
    store<u8>(to++, part == 0 ? 91 : 44)
    memory.copy(to, rows + 1, count - 2)
    to += count - 2
    from = rows + count
  }
  if (from != end) return badList()
  store<u8>(to++, 93)
  return answer(start, to - start)
}

// ---- doubles as they lie in memory ----

const REQUEST_HEAD: u32 = 16
const PRODUCT_HEAD: u32 = 8

function inRange(field: string, value: u32): bool {
  if (value >= 1 && value <= LONGEST_SIDE) return true
  refuse(field, value == 0 ? 'shape' : 'size', 'The number of ' + field + ' must be from 1 to ' + LONGEST_SIDE.toString() + ', but is ' + value.toString() + '.')
  return false
}

function readOperand(field: string, offset: u64, m: Matrix): bool {
  const bytes = <usize>m.rows * m.columns * 8
  m.values = take(bytes)
  readInput(m.values, offset, bytes)
  if (allFinite(m)) return true
  let at: u32 = 0
  while (isFinite(load<f64>(m.values + <usize>at * 8))) at++
  refuse(field, 'number', field + '[' + (at / m.columns).toString() + '][' + (at % m.columns).toString() + '] must be a finite number of double precision.')
  return false
}

/** Reads rows, inner, columns and zero at OFFSET, then both matrices. */
function readBinary(offset: u64, a: Matrix, b: Matrix): bool {
  const has = inputLength()
  if (has < offset + REQUEST_HEAD) {
    refuse('content', 'missing', 'The input must begin with rows, inner, columns and zero, 4 bytes each.')
    return false
  }
  const rows = inputU32(offset), inner = inputU32(offset + 4), columns = inputU32(offset + 8)
  if (!inRange('rows', rows) || !inRange('inner', inner) || !inRange('columns', columns)) return false
  if (inputU32(offset + 12) != 0) {
    refuse('zero', 'range', 'The fourth number must be 0.')
    return false
  }
  const left = <u64>rows * inner, right = <u64>inner * columns
  if (left > MOST_VALUES || right > MOST_VALUES || <u64>rows * columns > MOST_VALUES) {
    refuse('content', 'size', 'A matrix and the product may have at most ' + MOST_VALUES.toString() + ' values.')
    return false
  }
  const expected = REQUEST_HEAD + 8 * (left + right)
  if (has - offset != expected) {
    refuse('content', 'shape', 'The matrices need ' + expected.toString() + ' bytes with their head, but the input has ' + (has - offset).toString() + '.')
    return false
  }
  a.rows = rows
  a.columns = inner
  b.rows = inner
  b.columns = columns
  return readOperand('A', offset + REQUEST_HEAD, a) && readOperand('B', offset + REQUEST_HEAD + 8 * left, b)
}

export function multiply_f64(): i32 {
  begin()
  const a = new Matrix(), b = new Matrix()
  if (!readBinary(0, a, b)) return 1
  const c = multiplied(a, b)
  if (c.values == 0) return 1
  const bytes = <usize>c.rows * c.columns * 8, block = alloc(<u64>PRODUCT_HEAD + bytes)
  writeU32(writeU32(block, c.rows), c.columns)
  write(block + PRODUCT_HEAD, c.values, bytes)
  output_set(block, <u64>PRODUCT_HEAD + bytes)
  return 0
}

export function multiply_f64_split(): i32 {
  begin()
  const a = new Matrix(), b = new Matrix()
  if (!hasParts() || !readBinary(4, a, b)) return 1
  const parts = partsAsked(a.rows)
  if (parts == 0) return 1
  const row = <usize>a.columns * 8, right = <usize>b.rows * b.columns * 8
  const list = alloc(4 + <u64>parts * (4 + REQUEST_HEAD + right) + <u64>row * a.rows)
  let at = writeU32(list, parts)
  for (let part: u32 = 0; part < parts; part++) {
    const from = firstRow(a.rows, part, parts), rows = firstRow(a.rows, part + 1, parts) - from
    at = writeU32(at, REQUEST_HEAD + rows * <u32>row + <u32>right)
    at = writeU32(writeU32(writeU32(writeU32(at, rows), a.columns), b.columns), 0)
    at = writeBytes(at, a.values + <usize>from * row, <usize>rows * row)
    at = writeBytes(at, b.values, right)
  }
  output_set(list, at - list)
  return 0
}

export function multiply_f64_join(): i32 {
  begin()
  const list = input(0), end = list + length, parts = length >= 4 ? load<u32>(list) : 0
  if (parts == 0) return badList()
  const start = take(length + PRODUCT_HEAD)
  let from = list + 4, to = start + PRODUCT_HEAD, rows: u32 = 0, columns: u32 = 0
  for (let part: u32 = 0; part < parts; part++) {
    if (end - from < 4 || end - from - 4 < <usize>load<u32>(from)) return badList()
    const count = <usize>load<u32>(from)
    from += 4
    if (count < PRODUCT_HEAD) return badList()
    if (part == 0) columns = load<u32>(from, 4)
    if (load<u32>(from, 4) != columns || <u64>count != PRODUCT_HEAD + 8 * <u64>load<u32>(from) * columns) return badList()
    rows += load<u32>(from)
    memory.copy(to, from + PRODUCT_HEAD, count - PRODUCT_HEAD)
    to += count - PRODUCT_HEAD
    from += count
  }
  if (from != end) return badList()
  store<u32>(start, rows)
  store<u32>(start, columns, 4)
  return answer(start, to - start)
}
