// Numbers as JSON writes them: text to double, correctly rounded, and double to text as JavaScript prints it. The standard
// library's own ways are neither for each value.
import { POWERS } from './powers'

const LOWEST = -342
const MOST_DIGITS = 800 // no double needs more to be told from its neighbours: 767
const BOUND = 5000
const NOT_FINITE: u64 = 0x7ff0000000000000
export const NUMBER_TEXT = 25

/** Where the number ended and what it is, after read(). */
export let end: usize = 0
export let value: f64 = 0

export enum State {
  READ,
  NONE,
  NOT_FINITE,
}

// ---- words of 128 and more bits ----

let low: u64 = 0

/** The high word of a product; the low one is left in `low`. */
function product(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff, a1 = a >> 32, b0 = b & 0xffffffff, b1 = b >> 32
  const bottom = a0 * b0, left = a1 * b0, right = a0 * b1
  const middle = (bottom >> 32) + (left & 0xffffffff) + (right & 0xffffffff)
  low = (middle << 32) | (bottom & 0xffffffff)
  return a1 * b1 + (left >> 32) + (right >> 32) + (middle >> 32)
}

const LEFT = memory.data(4 * 260)
const RIGHT = memory.data(4 * 260)
let leftLength = 0
let rightLength = 0

/** Multiplies a natural number of LENGTH words and adds; its new length. */
function times(words: usize, length: i32, factor: u32, carry: u32): i32 {
  let rest: u64 = carry
  for (let i = 0; i < length; i++) {
    rest += <u64>load<u32>(words + 4 * i) * factor
    store<u32>(words + 4 * i, <u32>rest)
    rest >>= 32
  }
  if (rest != 0) store<u32>(words + 4 * length++, <u32>rest)
  return length
}

function timesPower(words: usize, length: i32, base: u32, exponent: i32): i32 {
  for (; exponent > 0; exponent--) length = times(words, length, base, 0)
  return length
}

function compare(): i32 {
  if (leftLength != rightLength) return leftLength < rightLength ? -1 : 1
  for (let i = leftLength - 1; i >= 0; i--) {
    const a = load<u32>(LEFT + 4 * i), b = load<u32>(RIGHT + 4 * i)
    if (a != b) return a < b ? -1 : 1
  }
  return 0
}

// ---- text to double ----

/** The bits of the double nearest to DIGITS * 10^EXPONENT. Lemire, "Number parsing at a gigabyte per second", 2021. */
function nearest(digits: u64, exponent: i32): u64 {
  if (digits == 0 || exponent < LOWEST) return 0
  if (exponent > 308) return NOT_FINITE
  const zeros = <i32>clz(digits)
  digits <<= zeros
  let high = product(digits, POWERS[2 * (exponent - LOWEST)])
  let below = low
  if ((high & 0x1ff) == 0x1ff) {
    const more = product(digits, POWERS[2 * (exponent - LOWEST) + 1])
    below += more
    if (more > below) high++
  }
  const upper = <i32>(high >> 63), shift = upper + 64 - 52 - 3
  let fraction = high >> shift
  let binary = ((217706 * exponent) >> 16) + 63 + upper - zeros + 1023
  if (binary <= 0) {
    if (-binary + 1 >= 64) return 0
    fraction >>= -binary + 1
    return (fraction + (fraction & 1)) >> 1
  }
  if (below <= 1 && exponent >= -4 && exponent <= 23 && (fraction & 3) == 1 && fraction << shift == high) fraction &= ~(<u64>1)
  fraction = (fraction + (fraction & 1)) >> 1
  if (fraction >= (<u64>2) << 52) {
    fraction = (<u64>1) << 52
    binary++
  }
  if (binary >= 0x7ff) return NOT_FINITE
  return (fraction & ~((<u64>1) << 52)) | (<u64>binary << 52)
}

const DIGITS = memory.data(MOST_DIGITS + 1)

/** LOWER is the nearest double, or the one below it; the one above is nearer where the digits are beyond the middle. */
function nearer(lower: u64, count: i32, exponent: i32): u64 {
  let fraction = lower & (((<u64>1) << 52) - 1)
  let binary = <i32>(lower >> 52)
  if (binary != 0) fraction |= (<u64>1) << 52
  else binary = 1
  const middle = 2 * fraction + 1
  binary -= 1023 + 52 + 1
  leftLength = 0
  store<u64>(RIGHT, middle)
  rightLength = middle >> 32 == 0 ? 1 : 2
  for (let i = 0; i < count; i++) leftLength = times(LEFT, leftLength, 10, <u32>load<u8>(DIGITS + i) - 48)
  if (exponent >= 0) leftLength = timesPower(LEFT, leftLength, 10, exponent)
  else rightLength = timesPower(RIGHT, rightLength, 10, -exponent)
  if (binary >= 0) rightLength = timesPower(RIGHT, rightLength, 2, binary)
  else leftLength = timesPower(LEFT, leftLength, 2, -binary)
  const order = compare()
  return order > 0 || (order == 0 && (lower & 1) != 0) ? lower + 1 : lower
}

// @ts-ignore: decorator
@inline
function isDigit(c: u8): bool {
  return c >= 48 && c <= 57
}

const EXACT: StaticArray<f64> = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22]

/** Reads the number in [at, stop) and leaves it in `value`, where it ended in `end`. */
export function read(at: usize, stop: usize): State {
  const negative = at < stop && load<u8>(at) == 45
  if (negative) at++
  if (at == stop || !isDigit(load<u8>(at))) return State.NONE
  if (load<u8>(at) == 48 && at + 1 < stop && isDigit(load<u8>(at + 1))) return State.NONE
  let digits: u64 = 0, count = 0, kept = 0, exponent = 0, behind = false
  for (; at < stop; at++) {
    const c = load<u8>(at)
    if (c == 46 && !behind) {
      if (at + 1 == stop || !isDigit(load<u8>(at + 1))) return State.NONE
      behind = true
      continue
    }
    if (!isDigit(c)) break
    if (behind) exponent--
    if (count == 0 && c == 48) continue
    if (count < MOST_DIGITS) {
      store<u8>(DIGITS + count++, c)
      if (count <= 19) {
        digits = 10 * digits + (c - 48)
        kept = count
      }
    } else {
      if (c != 48) store<u8>(DIGITS + MOST_DIGITS, 49)
      else if (count == MOST_DIGITS) store<u8>(DIGITS + MOST_DIGITS, 48)
      count = MOST_DIGITS + 1
      exponent++
    }
  }
  if (count > MOST_DIGITS) exponent-- // the last kept digit stands for all that follow
  if (at < stop && (load<u8>(at) | 32) == 101) {
    at++
    const down = at < stop && load<u8>(at) == 45
    if (at < stop && (load<u8>(at) == 45 || load<u8>(at) == 43)) at++
    if (at == stop || !isDigit(load<u8>(at))) return State.NONE
    let written = 0
    for (; at < stop && isDigit(load<u8>(at)); at++) if (written < 100000000) written = 10 * written + (<i32>load<u8>(at) - 48)
    exponent += down ? -written : written
  }
  end = at
  let bits: u64
  if (count <= 15 && exponent >= -22 && exponent <= 22 && count > 0) {
    bits = reinterpret<u64>(exponent < 0 ? <f64>digits / EXACT[-exponent] : <f64>digits * EXACT[exponent])
  } else {
    let scale = exponent + count - kept
    if (scale < -BOUND) scale = -BOUND
    if (scale > BOUND) scale = BOUND
    bits = nearest(digits, scale)
    if (count > kept && bits != nearest(digits + 1, scale)) bits = nearer(bits, count, exponent)
  }
  if (bits >= NOT_FINITE) return State.NOT_FINITE
  value = reinterpret<f64>(bits | (<u64>negative << 63))
  return State.READ
}

// ---- double to text ----

function timesPowerToOdd(high: u64, below: u64, factor: u64): u64 {
  const lower = product(below, factor)
  const upper = product(high, factor)
  const middle = low + lower
  return (upper + u64(middle < lower)) | u64(middle > 1)
}

let tens = 0

/** The shortest digits that read back as the same double, times 10^tens. Giulietti, "The Schubfach way to render doubles", 2021. */
function shortest(bits: u64): u64 {
  const fraction = bits & (((<u64>1) << 52) - 1)
  const binary = <i32>((bits >> 52) & 0x7ff)
  let c = fraction, q = 1 - 1075
  if (binary != 0) {
    c |= (<u64>1) << 52
    q = binary - 1075
    if (q <= 0 && q > -53 && (c & (((<u64>1) << -q) - 1)) == 0) {
      tens = 0
      return c >> -q
    }
  }
  const odd = c & 1
  const closer = fraction == 0 && binary > 1
  const k = (q * 1262611 - (closer ? 524031 : 0)) >> 22
  const shift = q + ((-k * 1741647) >> 19) + 1
  let high = POWERS[2 * (-k - LOWEST)], below = POWERS[2 * (-k - LOWEST) + 1]
  if (-k > 55 && ++below == 0) high++
  const lower = timesPowerToOdd(high, below, (4 * c - 2 + u64(closer)) << shift) + odd
  const here = timesPowerToOdd(high, below, (4 * c) << shift)
  const upper = timesPowerToOdd(high, below, (4 * c + 2) << shift) - odd
  const s = here / 4
  if (s >= 10) {
    const shorter = s / 10
    const down = lower <= 40 * shorter, up = 40 * shorter + 40 <= upper
    if (down != up) {
      tens = k + 1
      return shorter + u64(up)
    }
  }
  const down = lower <= 4 * s, up = 4 * s + 4 <= upper
  tens = k
  if (down != up) return s + u64(up)
  const middle = 4 * s + 2
  return s + u64(here > middle || (here == middle && (s & 1) != 0))
}

const REVERSED = memory.data(24)

/** Writes a finite double; where its text ends. */
export function write(number: f64, at: usize): usize {
  const bits = reinterpret<u64>(number)
  if (bits << 1 == 0) {
    store<u8>(at, 48)
    return at + 1
  }
  if (bits >> 63) store<u8>(at++, 45)
  let rest = shortest(bits)
  while (rest >= 10 && rest % 10 == 0) {
    rest /= 10
    tens++
  }
  let count = 0
  for (; rest > 0; rest /= 10) store<u8>(REVERSED + 23 - ++count, <u8>(48 + (rest % 10)))
  const first = REVERSED + 23 - count
  const point = count + tens // the value is 0.DIGITS * 10^point
  if (point > 21 || point < -5) {
    store<u8>(at++, load<u8>(first))
    if (count > 1) store<u8>(at++, 46)
    for (let i = 1; i < count; i++) store<u8>(at++, load<u8>(first + i))
    store<u8>(at++, 101)
    let written = point - 1
    store<u8>(at++, written < 0 ? 45 : 43)
    if (written < 0) written = -written
    if (written >= 100) store<u8>(at++, <u8>(48 + written / 100))
    if (written >= 10) store<u8>(at++, <u8>(48 + ((written / 10) % 10)))
    store<u8>(at++, <u8>(48 + (written % 10)))
  } else if (point <= 0) {
    store<u8>(at++, 48)
    store<u8>(at++, 46)
    for (let i = point; i < 0; i++) store<u8>(at++, 48)
    for (let i = 0; i < count; i++) store<u8>(at++, load<u8>(first + i))
  } else {
    for (let i = 0; i < count || i < point; i++) {
      if (i == point) store<u8>(at++, 46)
      store<u8>(at++, i < count ? load<u8>(first + i) : 48)
    }
  }
  return at
}
