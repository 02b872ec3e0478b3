// The request {"A":[[...]],"B":[[...]]}, where A and B may also be strings that hold such arrays.
import { giveBack, refuse, take } from './host'
import * as number from './number'
import { LONGEST_SIDE, MOST_VALUES, Matrix } from './product'

export class Operand {
  matrix: Matrix = new Matrix()
  /** Where each row's text starts; one more: where the last one ends. */
  rows: usize = 0

  row(index: u32): usize {
    return load<usize>(this.rows + <usize>index * sizeof<usize>())
  }
}

export class Request {
  a: Operand = new Operand()
  b: Operand = new Operand()
}

const SHAPE_EMPTY = ' must have at least one row and one column.'

class Reader {
  constructor(
    public at: usize,
    public end: usize,
    public start: usize,
    public field: string,
  ) {}

  next(): u8 {
    while (this.at < this.end) {
      const c = load<u8>(this.at)
      if (c != 32 && c != 9 && c != 10 && c != 13) return c
      this.at++
    }
    return 0
  }

  nextIs(c: u8): bool {
    return this.next() == c && this.at < this.end
  }

  take(c: u8): bool {
    if (!this.nextIs(c)) return false
    this.at++
    return true
  }

  startsWith(word: string): bool {
    if (this.end - this.at < <usize>word.length) return false
    for (let i = 0; i < word.length; i++) if (load<u8>(this.at + i) != word.charCodeAt(i)) return false
    return true
  }

  malformed(expected: string): bool {
    const what = this.field == 'content' ? 'The content' : this.field
    refuse(this.field, 'json', what + ' is not well-formed JSON: ' + expected + ' is expected at character ' + (<u32>(this.at - this.start) + 1).toString() + '.')
    return false
  }

  wrong(rule: string, message: string): bool {
    refuse(this.field, rule, message)
    return false
  }

  kind(): string {
    const c = this.next()
    if (this.at == this.end) return 'nothing'
    if (c == 123) return 'an object'
    if (c == 91) return 'an array'
    if (c == 34) return 'a string'
    if (this.startsWith('null')) return 'null'
    if (this.startsWith('true') || this.startsWith('false')) return 'true or false'
    return c == 45 || (c >= 48 && c <= 57) ? 'a number' : 'no JSON value'
  }

  /** Whether there is nothing here that could be a value of a wrong type. */
  noValue(): bool {
    const kind = this.kind()
    return kind == 'nothing' || kind == 'no JSON value'
  }

  /** Decodes a string; its length, or -1. Characters above 127 become '?': no matrix and no name of one has any. */
  string(to: usize): isize {
    const start = to
    if (!this.take(34)) {
      this.malformed('a string')
      return -1
    }
    while (true) {
      if (this.at == this.end) {
        this.malformed('the end of the string')
        return -1
      }
      const c = load<u8>(this.at)
      if (c < 32) {
        this.malformed('an escape for the control character')
        return -1
      }
      this.at++
      if (c == 34) return to - start
      if (c != 92) {
        store<u8>(to++, c)
        continue
      }
      const value = this.escape()
      if (value < 0) {
        this.malformed('an escape that JSON knows')
        return -1
      }
      store<u8>(to++, <u8>value)
    }
  }

  escape(): i32 {
    const name = this.at < this.end ? load<u8>(this.at) : 0
    let value: i32 = -1
    if (name == 34 || name == 92 || name == 47) value = name
    else if (name == 98) value = 8
    else if (name == 102) value = 12
    else if (name == 110) value = 10
    else if (name == 114) value = 13
    else if (name == 116) value = 9
    else if (name == 117 && this.end - this.at >= 5) {
      let code = 0
      for (let i = 1; i <= 4; i++) {
        const c = load<u8>(this.at + i), letter = c | 32
        const digit = c >= 48 && c <= 57 ? <i32>c - 48 : letter >= 97 && letter <= 102 ? <i32>letter - 87 : -1
        if (digit < 0) return -1
        code = (code << 4) | digit
      }
      this.at += 5
      return code < 128 ? code : 63
    }
    if (value >= 0) this.at++
    return value
  }

  value(row: u32, column: u32): bool {
    this.next()
    const state = number.read(this.at, this.end)
    if (state == number.State.READ) {
      this.at = number.end
      return true
    }
    const where = this.field + '[' + row.toString() + '][' + column.toString() + ']'
    if (state == number.State.NONE && !this.startsWith('NaN') && !this.startsWith('Infinity') && !this.startsWith('-Infinity')) {
      if (this.noValue()) return this.malformed('a number')
      const kind = this.kind()
      if (kind == 'a number') return this.malformed('a number as JSON writes it')
      return this.wrong('type', where + ' must be a number, but is ' + kind + '.')
    }
    return this.wrong('number', where + ' must be a finite number of double precision.')
  }

  tooLarge(): bool {
    const side = LONGEST_SIDE.toString()
    return this.wrong('size', this.field + ' may have at most ' + side + ' rows, ' + side + ' columns and ' + MOST_VALUES.toString() + ' values.')
  }

  /** Counts the commas and brackets ahead: never less than what follows holds. */
  room(into: Operand): void {
    let rows: u32 = 1, values: u32 = 1
    for (let at = this.at; at < this.end; at++) {
      const c = load<u8>(at)
      if (c == 125 || c == 34) break
      if (c == 44) values++
      else if (c == 91) rows++
    }
    into.matrix.values = take(<usize>min(values, <u32>MOST_VALUES + 1) * 8)
    into.rows = take((<usize>min(rows, <u32>LONGEST_SIDE + 2) + 1) * sizeof<usize>())
  }

  row(into: Operand): bool {
    const m = into.matrix
    if (!this.nextIs(91)) {
      if (this.noValue()) return this.malformed('a row')
      return this.wrong('type', this.field + '[' + m.rows.toString() + '] must be an array of numbers, but is ' + this.kind() + '.')
    }
    if (m.rows == LONGEST_SIDE) return this.tooLarge()
    store<usize>(into.rows + <usize>m.rows * sizeof<usize>(), this.at)
    this.at++
    const before = m.rows * m.columns
    let count: u32 = 0, more = false
    if (!this.take(93)) {
      do {
        if (m.rows > 0 && count == m.columns) {
          more = true
          break
        }
        if (count == LONGEST_SIDE || before + count == MOST_VALUES) return this.tooLarge()
        if (!this.value(m.rows, count)) return false
        store<f64>(m.values + <usize>(before + count) * 8, number.value)
        count++
      } while (this.take(44))
      if (!more && !this.take(93)) return this.malformed("',' or ']'")
    }
    if (m.rows == 0) m.columns = count
    if (count == 0) return this.wrong('shape', this.field + SHAPE_EMPTY)
    if (more || count != m.columns) {
      return this.wrong('shape', 'The rows of ' + this.field + ' must be of one length: ' + this.field + '[0] has ' + m.columns.toString() + ' values, ' + this.field + '[' +
        m.rows.toString() + '] has ' + (more ? 'more' : count.toString()) + '.')
    }
    m.rows++
    return true
  }

  rows(into: Operand): bool {
    if (!this.nextIs(91)) {
      if (this.noValue()) return this.malformed('an array of rows')
      return this.wrong('type', this.field + ' must be an array of rows, or a string that holds one, but is ' + this.kind() + '.')
    }
    this.room(into)
    this.at++
    if (this.take(93)) return this.wrong('shape', this.field + SHAPE_EMPTY)
    do {
      if (!this.row(into)) return false
    } while (this.take(44))
    store<usize>(into.rows + <usize>into.matrix.rows * sizeof<usize>(), this.at)
    return this.take(93) || this.malformed("',' or ']'")
  }

  operand(into: Operand): bool {
    if (!this.nextIs(34)) return this.rows(into)
    const decoded = take(this.end - this.at)
    const length = this.string(decoded)
    if (length < 0) return false
    const inner = new Reader(decoded, decoded + length, decoded, this.field)
    if (!inner.rows(into)) return false
    inner.next()
    return inner.at == inner.end || inner.malformed('nothing more')
  }

  member(into: Request): bool {
    const name = take(this.end - this.at + 1)
    const length = this.string(name)
    if (length < 0) return false
    const first = length == 1 ? load<u8>(name) : 0
    if (first != 65 && first != 66) {
      let shown = ''
      for (let i: isize = 0; i < length && i < 40; i++) {
        const c = load<u8>(name + i)
        shown += c >= 32 && c <= 126 ? String.fromCharCode(c) : '?'
      }
      refuse(shown, 'unknown', "There is no field '" + shown + "': the matrices are A and B.")
      return false
    }
    giveBack(name)
    const which = first == 65 ? into.a : into.b, field = first == 65 ? 'A' : 'B'
    if (which.matrix.values != 0) {
      refuse(field, 'duplicate', field + ' is given twice.')
      return false
    }
    if (!this.take(58)) return this.malformed("':'")
    const value = new Reader(this.at, this.end, this.start, field)
    if (!value.operand(which)) return false
    this.at = value.at
    return true
  }
}

/** false where it is wrong; the call's error is then set. */
export function read(text: usize, length: usize, into: Request): bool {
  const reader = new Reader(text, text + length, text, 'content')
  if (!reader.nextIs(123)) {
    if (reader.noValue()) return reader.malformed('an object with A and B')
    return reader.wrong('type', 'The content must be an object with A and B, but is ' + reader.kind() + '.')
  }
  reader.at++
  if (!reader.take(125)) {
    do {
      if (!reader.member(into)) return false
    } while (reader.take(44))
    if (!reader.take(125)) return reader.malformed("',' or '}'")
  }
  reader.next()
  if (reader.at != reader.end) return reader.malformed('nothing more')
  const a = into.a.matrix, b = into.b.matrix
  if (a.values == 0 || b.values == 0) {
    const field = a.values == 0 ? 'A' : 'B'
    refuse(field, 'missing', field + ' is missing.')
    return false
  }
  reader.field = 'B'
  if (b.rows != a.columns) return reader.wrong('shape', 'B must have as many rows as A has columns (' + a.columns.toString() + '), but has ' + b.rows.toString() + '.')
  if (<u64>a.rows * b.columns > MOST_VALUES) return reader.wrong('size', 'The product may have at most ' + MOST_VALUES.toString() + ' values.')
  return true
}
