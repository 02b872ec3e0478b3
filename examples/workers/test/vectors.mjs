// Writes vectors/*.json of each example worker: what its functions must answer. Expected values are computed here, apart from
// the workers, and where they are errors they are written down. Run again only to add cases: node vectors.mjs
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const EXAMPLES = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Text where it is text, else base64. */
function form(bytes) {
  const buffer = Buffer.from(bytes)
  const text = buffer.toString('utf8')
  return Buffer.from(text).equals(buffer) && !/[\u0000-\u0008\u000e-\u001f]/.test(text) ? { text } : { base64: buffer.toString('base64') }
}

const answers = (name, call, input, output) => ({ name, function: call, input: form(input), output: form(output) })
const refuses = (name, call, input, field, rule, message) => ({ name, function: call, input: form(input), error: { field, rule, message } })
const fails = (name, call, input, message) => ({ name, function: call, input: form(input), error: { message } })

function write(worker, file, cases) {
  mkdirSync(join(EXAMPLES, worker, 'vectors'), { recursive: true })
  writeFileSync(join(EXAMPLES, worker, 'vectors', file), `[\n${cases.map((one) => `  ${JSON.stringify(one)}`).join(',\n')}\n]\n`)
}

// A generator of its own, so that the files come out the same each time.
let state = 88172645463325252n
function random() {
  state ^= (state << 13n) & 0xffffffffffffffffn
  state ^= state >> 7n
  state ^= (state << 17n) & 0xffffffffffffffffn
  return Number(state >> 11n) / 2 ** 53
}
const below = (n) => Math.floor(random() * n)

const list = (parts) => Buffer.concat([u32(parts.length), ...parts.flatMap((part) => [u32(Buffer.byteLength(part)), Buffer.from(part)])])
const u32 = (...values) => Buffer.from(new Uint32Array(values).buffer)
const doubles = (rows) => Buffer.from(new Float64Array(rows.flat()).buffer)
const asked = (parts, input) => Buffer.concat([u32(parts), Buffer.from(input)])

// ---- matrix ----

function product(a, b) {
  return a.map((row) => b[0].map((_, column) => row.reduce((sum, value, k) => sum + value * b[k][column], 0)))
}
const matrixOf = (rows, columns, value) => Array.from({ length: rows }, () => Array.from({ length: columns }, value))
const json = (a, b) => JSON.stringify({ A: a, B: b })
const binary = (a, b) => Buffer.concat([u32(a.length, b.length, b[0].length, 0), doubles(a), doubles(b)])
const binaryProduct = (c) => Buffer.concat([u32(c.length, c[0].length), doubles(c)])

function matrixJson() {
  const cases = []
  const ok = (name, a, b, text = json(a, b)) => cases.push(answers(name, 'multiply', text, JSON.stringify(product(a, b))))
  const no = (name, text, field, rule, message) => cases.push(refuses(name, 'multiply', text, field, rule, message))
  const A = [[1, 2], [3, 4]], B = [[5, 6], [7, 8]]
  ok('as arrays', A, B)
  ok('as strings', A, B, '{"A":"[[1,2],[3,4]]","B":"[[5,6],[7,8]]"}')
  ok('a string and an array, with spaces', A, B, ' { "B" : [ [ 5 , 6 ] ,\n[7,8] ] , "A" : "[[1,2],\\n\\t[3,4]]" } ')
  ok('escapes in the string', A, B, '{"A":"\\u005b[1,2],[3,4]\\u005D","B":[[5,6],[7,8]]}')
  ok('one value', [[3]], [[-0.5]])
  ok('minus zero prints as 0', [[-1]], [[0]])
  ok('numbers in every form', [[1.5e3, 2e-7, 1e21, 123456789012345680000]], [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], '{"A":[[1.5E3,2e-7,1e+21,123456789012345680000]],"B":[[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]]}')
  ok('the smallest and the largest', [[5e-324], [2.2250738585072014e-308], [1.7976931348623157e308]], [[1]])
  ok('rounded in steps', [[0.1, 0.2, 0.3]], [[0.1], [0.2], [0.3]])
  ok('more digits than a double has', [[0.1]], [[1]], '{"A":[[0.1000000000000000055511151231257827021181583404541015625]],"B":[[1]]}')
  for (const [rows, inner, columns] of [[1, 1, 9], [3, 5, 7], [8, 8, 8], [9, 4, 33], [16, 17, 66], [2, 65, 3]]) {
    ok(`whole numbers, ${rows} x ${inner} x ${columns}`, matrixOf(rows, inner, () => below(2001) - 1000), matrixOf(inner, columns, () => below(2001) - 1000))
    ok(`fractions, ${rows} x ${inner} x ${columns}`, matrixOf(rows, inner, () => random() * 2 - 1), matrixOf(inner, columns, () => (random() - 0.5) * 10 ** below(9)))
  }
  no('nothing', '', 'content', 'json', 'The content is not well-formed JSON: an object with A and B is expected at character 1.')
  no('no object', '[[1]]', 'content', 'type', 'The content must be an object with A and B, but is an array.')
  no('no JSON', 'nonsense', 'content', 'json', 'The content is not well-formed JSON: an object with A and B is expected at character 1.')
  no('A is missing', '{"B":[[1]]}', 'A', 'missing', 'A is missing.')
  no('B is missing', '{"A":[[1]]}', 'B', 'missing', 'B is missing.')
  no('A twice', '{"A":[[1]],"A":[[1]]}', 'A', 'duplicate', 'A is given twice.')
  no('another field', '{"A":[[1]],"C":[[1]]}', 'C', 'unknown', "There is no field 'C': the matrices are A and B.")
  no('a number as a matrix', '{"A":1,"B":[[1]]}', 'A', 'type', 'A must be an array of rows, or a string that holds one, but is a number.')
  no('null as a matrix', '{"A":[[1]],"B":null}', 'B', 'type', 'B must be an array of rows, or a string that holds one, but is null.')
  no('a string as a row', '{"A":["x"],"B":[[1]]}', 'A', 'type', 'A[0] must be an array of numbers, but is a string.')
  no('a string as a value', '{"A":[[1,2],[3,"x"]],"B":[[1]]}', 'A', 'type', 'A[1][1] must be a number, but is a string.')
  no('true as a value', '{"A":[[true]],"B":[[1]]}', 'A', 'type', 'A[0][0] must be a number, but is true or false.')
  no('no rows', '{"A":[],"B":[[1]]}', 'A', 'shape', 'A must have at least one row and one column.')
  no('no columns', '{"A":[[]],"B":[[1]]}', 'A', 'shape', 'A must have at least one row and one column.')
  no('a short row', '{"A":[[1,2],[3]],"B":[[1],[1]]}', 'A', 'shape', 'The rows of A must be of one length: A[0] has 2 values, A[1] has 1.')
  no('a long row', '{"A":[[1],[2,3]],"B":[[1]]}', 'A', 'shape', 'The rows of A must be of one length: A[0] has 1 values, A[1] has more.')
  no('shapes that do not fit', '{"A":[[1,2]],"B":[[1],[2],[3]]}', 'B', 'shape', 'B must have as many rows as A has columns (2), but has 3.')
  no('NaN', '{"A":[[1]],"B":"[[NaN]]"}', 'B', 'number', 'B[0][0] must be a finite number of double precision.')
  no('infinity', '{"A":[[1,-Infinity]],"B":[[1]]}', 'A', 'number', 'A[0][1] must be a finite number of double precision.')
  no('too large a number', '{"A":[[1e309]],"B":[[1]]}', 'A', 'number', 'A[0][0] must be a finite number of double precision.')
  no('too large a product', '{"A":[[1e200]],"B":[[1e200]]}', 'A', 'overflow', 'A value of the product is beyond the range of double precision.')
  no('a leading zero', '{"A":[[01]],"B":[[1]]}', 'A', 'json', 'A is not well-formed JSON: a number as JSON writes it is expected at character 8.')
  no('a comma too many', '{"A":[[1,]],"B":[[1]]}', 'A', 'json', 'A is not well-formed JSON: a number is expected at character 10.')
  no('an end too early', '{"A":[[1]],"B":[[1]]', 'content', 'json', "The content is not well-formed JSON: ',' or '}' is expected at character 21.")
  no('something after the end', '{"A":[[1]],"B":[[1]]} x', 'content', 'json', 'The content is not well-formed JSON: nothing more is expected at character 23.')
  no('something after the end in a string', '{"A":"[[1]]]","B":[[1]]}', 'A', 'json', 'A is not well-formed JSON: nothing more is expected at character 6.')
  no('a string without an end', '{"A":"[[1]]', 'A', 'json', 'A is not well-formed JSON: the end of the string is expected at character 12.')
  no('too many columns', `{"A":[[${'1,'.repeat(4096)}1]],"B":[[1]]}`, 'A', 'size', 'A may have at most 4096 rows, 4096 columns and 4194304 values.')
  const text = '{"A":" [[1,2] , [3,4],\\n[5,6] ] ","B":[ [5,6],[7,8] ]}'
  cases.push(answers('split in two', 'multiply_split', asked(2, text), list(['{"A":[[1,2]],"B":[[5,6],[7,8] ]}', '{"A":[[3,4],\n[5,6] ],"B":[[5,6],[7,8] ]}'])))
  cases.push(answers('split in one', 'multiply_split', asked(1, json(A, B)), list([json(A, B)])))
  cases.push(answers('more parts than rows', 'multiply_split', asked(9, json(A, B)), list(['{"A":[[1,2]],"B":[[5,6],[7,8]]}', '{"A":[[3,4]],"B":[[5,6],[7,8]]}'])))
  cases.push(refuses('no parts', 'multiply_split', asked(0, json(A, B)), 'parts', 'range', 'The number of parts must be at least 1.'))
  cases.push(refuses('no number of parts', 'multiply_split', 'x', 'parts', 'missing', 'The input must begin with the number of parts, 4 bytes.'))
  cases.push(refuses('a wrong matrix to split', 'multiply_split', asked(2, '{"A":[[1]]}'), 'B', 'missing', 'B is missing.'))
  cases.push(answers('join', 'multiply_join', list(['[[19,22]]', '[[43,50],[1,2]]']), '[[19,22],[43,50],[1,2]]'))
  const bad = 'The input must be a list of results: their number, then for each its length and its bytes.'
  cases.push(refuses('join nothing', 'multiply_join', '', 'parts', 'list', bad))
  cases.push(refuses('join a list that is cut off', 'multiply_join', list(['[[1]]', '[[2]]']).subarray(0, 20), 'parts', 'list', bad))
  cases.push(refuses('join what is no product', 'multiply_join', list(['nonsense']), 'parts', 'list', bad))
  return cases
}

function matrixBinary() {
  const cases = []
  for (const [rows, inner, columns] of [[1, 1, 1], [2, 3, 4], [5, 7, 9], [13, 66, 11], [3, 5, 70]]) {
    const a = matrixOf(rows, inner, () => random() * 2 - 1), b = matrixOf(inner, columns, () => random() * 2 - 1), c = product(a, b)
    cases.push(answers(`${rows} x ${inner} x ${columns}`, 'multiply_f64', binary(a, b), binaryProduct(c)))
    if (rows < 2 || rows > 5) continue
    const half = rows >> 1
    cases.push(answers(`split ${rows} x ${inner} x ${columns}`, 'multiply_f64_split', asked(2, binary(a, b)), list([binary(a.slice(0, half), b), binary(a.slice(half), b)])))
    cases.push(answers(`join ${rows} x ${columns}`, 'multiply_f64_join', list([binaryProduct(c.slice(0, half)), binaryProduct(c.slice(half))]), binaryProduct(c)))
  }
  const no = (name, input, field, rule, message, call = 'multiply_f64') => cases.push(refuses(name, call, input, field, rule, message))
  no('no head', 'short', 'content', 'missing', 'The input must begin with rows, inner, columns and zero, 4 bytes each.')
  no('no rows', u32(0, 1, 1, 0), 'rows', 'shape', 'The number of rows must be from 1 to 4096, but is 0.')
  no('too many columns', u32(1, 1, 4097, 0), 'columns', 'size', 'The number of columns must be from 1 to 4096, but is 4097.')
  no('too many values', u32(4096, 4096, 1, 0), 'content', 'size', 'A matrix and the product may have at most 4194304 values.')
  no('a fourth number', u32(1, 1, 1, 7), 'zero', 'range', 'The fourth number must be 0.')
  no('too few bytes', binary([[1, 2]], [[3], [4]]).subarray(0, 40), 'content', 'shape', 'The matrices need 48 bytes with their head, but the input has 40.')
  no('too many bytes', Buffer.concat([binary([[1]], [[2]]), u32(1)]), 'content', 'shape', 'The matrices need 32 bytes with their head, but the input has 36.')
  no('NaN', binary([[1, 2], [NaN, 4]], [[1], [2]]), 'A', 'number', 'A[1][0] must be a finite number of double precision.')
  no('infinity', binary([[1, 2]], [[1], [Infinity]]), 'B', 'number', 'B[1][0] must be a finite number of double precision.')
  no('too large a product', binary([[1e200]], [[-1e200]]), 'A', 'overflow', 'A value of the product is beyond the range of double precision.')
  no('join products of different widths', list([binaryProduct([[1]]), binaryProduct([[1, 2]])]), 'parts', 'list', 'The input must be a list of results: their number, then for each its length and its bytes.', 'multiply_f64_join')
  return cases
}

// ---- hashes ----

const mask = (1n << 64n) - 1n
function xxh64(bytes) {
  const [p1, p2, p3, p4, p5] = [0x9e3779b185ebca87n, 0xc2b2ae3d27d4eb4fn, 0x165667b19e3779f9n, 0x85ebca77c2b2ae63n, 0x27d4eb2f165667c5n]
  const left = (value, by) => ((value << by) | (value >> (64n - by))) & mask
  const turn = (sum, lane) => (left((sum + lane * p2) & mask, 31n) * p1) & mask
  let at = 0, hash = p5
  if (bytes.length >= 32) {
    const v = [(p1 + p2) & mask, p2, 0n, -p1 & mask]
    for (; bytes.length - at >= 32; at += 32) for (let i = 0; i < 4; i++) v[i] = turn(v[i], bytes.readBigUInt64LE(at + 8 * i))
    hash = (left(v[0], 1n) + left(v[1], 7n) + left(v[2], 12n) + left(v[3], 18n)) & mask
    for (const one of v) hash = ((hash ^ turn(0n, one)) * p1 + p4) & mask
  }
  hash = (hash + BigInt(bytes.length)) & mask
  for (; bytes.length - at >= 8; at += 8) hash = (left(hash ^ turn(0n, bytes.readBigUInt64LE(at)), 27n) * p1 + p4) & mask
  if (bytes.length - at >= 4) {
    hash = (left(hash ^ ((BigInt(bytes.readUInt32LE(at)) * p1) & mask), 23n) * p2 + p3) & mask
    at += 4
  }
  for (; at < bytes.length; at++) hash = (left(hash ^ ((BigInt(bytes[at]) * p5) & mask), 11n) * p1) & mask
  hash = ((hash ^ (hash >> 33n)) * p2) & mask
  hash = ((hash ^ (hash >> 29n)) * p3) & mask
  return (hash ^ (hash >> 32n)).toString(16).padStart(16, '0')
}
function crc32(bytes) {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, '0')
}

function hashes() {
  const cases = []
  for (const length of [0, 1, 3, 4, 7, 8, 31, 32, 33, 55, 56, 63, 64, 65, 119, 1000]) {
    const bytes = Buffer.from(Array.from({ length }, () => below(256)))
    cases.push(answers(`${length} bytes`, 'sha256', bytes, createHash('sha256').update(bytes).digest('hex')))
    cases.push(answers(`${length} bytes`, 'xxh64', bytes, xxh64(bytes)), answers(`${length} bytes`, 'crc32', bytes, crc32(bytes)))
  }
  return cases
}

// ---- pictures ----

const pgm = (kind, width, height, values) => Buffer.concat([Buffer.from(`P${kind}\n${width} ${height}\n255\n`), Buffer.from(values)])

function pictures() {
  const cases = []
  for (const [kind, width, height] of [[5, 1, 1], [6, 1, 1], [5, 4, 3], [6, 3, 2], [6, 9, 8], [5, 17, 5]]) {
    const depth = kind === 6 ? 3 : 1
    const values = Array.from({ length: width * height * depth }, () => below(256))
    const inside = (value, count) => Math.min(Math.max(value, 0), count - 1)
    const light = depth === 1 ? values : Array.from({ length: width * height }, (_, i) => (19595 * values[3 * i] + 38470 * values[3 * i + 1] + 7471 * values[3 * i + 2] + 32768) >> 16)
    const at = (x, y) => light[inside(y, height) * width + inside(x, width)]
    const mean = (from, x, y, part, dx, dy) => {
      let sum = 0
      for (let i = -2; i <= 2; i++) sum += from[(inside(y + i * dy, height) * width + inside(x + i * dx, width)) * depth + part]
      return Math.floor((sum + 2) / 5)
    }
    const each = (use) => Array.from({ length: width * height * depth }, (_, i) => use(Math.floor(i / depth) % width, Math.floor(i / depth / width), i % depth))
    const across = each((x, y, part) => mean(values, x, y, part, 1, 0))
    const edges = light.map((_, i) => {
      const [x, y] = [i % width, Math.floor(i / width)]
      const right = at(x + 1, y - 1) + 2 * at(x + 1, y) + at(x + 1, y + 1) - at(x - 1, y - 1) - 2 * at(x - 1, y) - at(x - 1, y + 1)
      const down = at(x - 1, y + 1) + 2 * at(x, y + 1) + at(x + 1, y + 1) - at(x - 1, y - 1) - 2 * at(x, y - 1) - at(x + 1, y - 1)
      return Math.min(255, Math.abs(right) + Math.abs(down))
    })
    const input = pgm(kind, width, height, values), name = `P${kind}, ${width} x ${height}`
    cases.push(answers(name, 'greyscale', input, pgm(5, width, height, light)))
    cases.push(answers(name, 'blur', input, pgm(kind, width, height, each((x, y, part) => mean(across, x, y, part, 0, 1)))))
    cases.push(answers(name, 'edges', input, pgm(5, width, height, edges)))
  }
  const no = (name, input, field, rule, message) => cases.push(refuses(name, 'edges', input, field, rule, message))
  cases.push(answers('a comment in the head', 'greyscale', Buffer.from('P5 # a comment\n# and another\n2 1 255\nab'), pgm(5, 2, 1, [97, 98])))
  no('nothing', '', 'picture', 'format', 'The picture must be in the format P5 (PGM) or P6 (PPM).')
  no('another format', 'P4\n1 1\n0', 'picture', 'format', 'The picture must be in the format P5 (PGM) or P6 (PPM).')
  no('no width', 'P5\n', 'width', 'missing', "The picture's head has no width.")
  no('no height', 'P5\n3 ', 'height', 'missing', "The picture's head has no height.")
  no('too wide', 'P5\n8193 1\n255\n', 'width', 'size', 'The width must be from 1 to 8192, but is 8193.')
  no('16 bits a value', 'P5\n1 1\n65535\nxx', 'maxval', 'value', 'The largest value must be 255.')
  no('too large', 'P5\n8192 8192\n255\n', 'picture', 'size', 'A picture may have at most 16777216 pixels.')
  no('too few bytes', 'P5\n2 2\n255\nabc', 'picture', 'length', 'The picture must have 4 bytes after its head, but has 3.')
  return cases
}

// ---- estimates by chance ----

function bits(seed, index) {
  let z = (BigInt(seed) + (BigInt(index) + 1n) * 0x9e3779b97f4a7c15n) & mask
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask
  return z ^ (z >> 31n)
}
const fraction = (value) => Number(value >> 11n) / 2 ** 53

function pi(samples, seed, from = 0) {
  let inside = 0
  for (let i = from; i < from + samples; i++) if (fraction(bits(seed, 2 * i)) ** 2 + fraction(bits(seed, 2 * i + 1)) ** 2 < 1) inside++
  return JSON.stringify({ pi: (4 * inside) / samples, samples, inside })
}

function option({ spot, strike, rate = 0, volatility, years = 1, samples, seed }) {
  let units = 0n
  const drift = (rate - (volatility * volatility) / 2) * years, spread = volatility * Math.sqrt(years), discount = Math.exp(-rate * years)
  for (let i = 0; i < samples; i++) {
    const normal = Math.sqrt(-2 * Math.log(1 - fraction(bits(seed, 2 * i)))) * Math.cos(6.283185307179586 * fraction(bits(seed, 2 * i + 1)))
    const payoff = discount * (spot * Math.exp(drift + spread * normal) - strike)
    if (payoff > 0) units += BigInt(Math.floor(payoff * 65536 + 0.5))
  }
  return JSON.stringify({ price: Number(units) / 65536 / samples, samples, units: String(units) })
}

function chances() {
  const cases = []
  for (const [samples, seed] of [[1, 0], [1000, 1], [10000, 42], [5000, 9007199254740991]]) cases.push(answers(`${samples} samples`, 'pi', JSON.stringify({ samples, seed }), pi(samples, seed)))
  cases.push(answers('some of the samples', 'pi', '{"samples":500,"seed":3,"from":250}', pi(500, 3, 250)))
  cases.push(answers('split', 'pi_split', asked(3, '{"samples":10,"seed":7}'), list([[3, 0], [3, 3], [4, 6]].map(([samples, from]) => JSON.stringify({ samples, seed: 7, from })))))
  cases.push(answers('join', 'pi_join', list([pi(400, 7), pi(600, 7, 400)]), pi(1000, 7)))
  const asset = { spot: 100, strike: 105, rate: 0.05, volatility: 0.2, years: 1, samples: 5000, seed: 7 }
  cases.push(answers('a call option', 'option', JSON.stringify(asset), option(asset)))
  cases.push(answers('far below the strike', 'option', '{"spot":1,"strike":1000,"volatility":0.1,"samples":100}', '{"price":0,"samples":100,"units":"0"}'))
  const no = (name, call, input, field, rule, message) => cases.push(refuses(name, call, input, field, rule, message))
  no('nothing', 'pi', '', 'content', 'json', 'The content is not well-formed JSON: an object is expected at character 1.')
  no('no samples', 'pi', '{"samples":0}', 'samples', 'range', 'samples must be a whole number from 1 to 1000000000.')
  no('half a sample', 'pi', '{"samples":1.5}', 'samples', 'range', 'samples must be a whole number from 1 to 1000000000.')
  no('a string', 'pi', '{"samples":"10"}', 'samples', 'type', 'samples must be a number.')
  no('another field', 'pi', '{"sampels":10}', 'sampels', 'unknown', "There is no field 'sampels'.")
  no('a field twice', 'pi', '{"seed":1,"seed":2}', 'seed', 'duplicate', 'seed is given twice.')
  no('no spot', 'option', '{"strike":1,"volatility":0.1}', 'spot', 'missing', 'spot is missing.')
  no('volatility below zero', 'option', '{"spot":1,"strike":1,"volatility":-0.1}', 'volatility', 'range', 'volatility must be a number from 0 to 2.')
  no('join nonsense', 'pi_join', list(['nonsense']), 'parts', 'list', 'The input must be a list of results: their number, then for each its length and its bytes.')
  return cases
}

// ---- words ----

function words() {
  return [
    answers('count', 'count', 'one two\nthree\n', '{"lines":2,"words":3,"bytes":14}'),
    answers('count nothing', 'count', '', '{"lines":0,"words":0,"bytes":0}'),
    answers('count much', 'count', 'a bc\n'.repeat(2000), '{"lines":2000,"words":4000,"bytes":10000}'),
    answers('sort', 'sort', 'pear\napple\napple pie\n\nzed', '\napple\napple pie\npear\nzed\n'),
    answers('sort bytes', 'sort', 'ä\nz\nA\na\n', 'A\na\nz\nä\n'),
    fails('no such function', 'reverse', 'x', "There is no function 'reverse': there are count and sort."),
  ]
}

write('matrix', 'json.json', matrixJson())
write('matrix', 'bytes.json', matrixBinary())
write('hash', 'hash.json', hashes())
write('image', 'image.json', pictures())
write('montecarlo', 'montecarlo.json', chances())
write('words', 'words.json', words())
