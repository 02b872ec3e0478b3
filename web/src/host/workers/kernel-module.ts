// The part of Extism's memory functions that guests call for every eight bytes, as a WebAssembly module of its own: a
// call from module to module costs a few nanoseconds, one to JavaScript with 64-bit integers twenty times that. The
// memory, the end of what is in use and the place of the input are the host's; what lies outside reads as 0 and is not
// written, as in Extism's own kernel.

const I32 = 0x7f;
const I64 = 0x7e;
const GET = 0x20;
const GLOBAL = 0x23;
const end = 0;
const inputAt = 1;
const inputLength = 2;

const text = (word: string) => [word.length, ...new TextEncoder().encode(word)];
const section = (id: number, items: readonly (readonly number[])[]) => {
  const body = [items.length, ...items.flat()];
  return [id, ...(body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7]), ...body];
};
const type = (parameters: readonly number[], results: readonly number[]) => [0x60, parameters.length, ...parameters, results.length, ...results];

/** Whether `width` bytes at the first parameter lie before this bound: address < bound and bound - address >= width, unsigned. */
const within = (bound: number, width: number) => [GET, 0, GLOBAL, bound, 0x54, GLOBAL, bound, GET, 0, 0x7d, 0x42, width, 0x5a, 0x71];
/** The address as 32 bits; of the input if so. */
const place = (isInput: boolean) => [GET, 0, ...(isInput ? [GLOBAL, inputAt, 0x7c] : []), 0xa7];

const load = (isInput: boolean, result: number, width: number, opcode: number) =>
  [...within(isInput ? inputLength : end, width), 0x04, result, ...place(isInput), opcode, 0, 0, 0x05, result === I32 ? 0x41 : 0x42, 0, 0x0b];
const store = (width: number, opcode: number) => [...within(end, width), 0x04, 0x40, ...place(false), GET, 1, opcode, 0, 0, 0x0b];

const LOAD8 = 0x2d;
const LOAD64 = 0x29;
const STORE8 = 0x3a;
const STORE64 = 0x37;

const functions: readonly { readonly name: string; readonly type: number; readonly body: readonly number[] }[] = [
  { name: 'load_u8', type: 0, body: load(false, I32, 1, LOAD8) },
  { name: 'load_u64', type: 1, body: load(false, I64, 8, LOAD64) },
  { name: 'store_u8', type: 2, body: store(1, STORE8) },
  { name: 'store_u64', type: 3, body: store(8, STORE64) },
  { name: 'input_load_u8', type: 0, body: load(true, I32, 1, LOAD8) },
  { name: 'input_load_u64', type: 1, body: load(true, I64, 8, LOAD64) },
];

/** The module's bytes: imports `host.memory` and the three 64-bit globals `host.end`, `.inputAt` and `.inputLength`. */
export const kernelBytes = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  ...section(1, [type([I64], [I32]), type([I64], [I64]), type([I64, I32], []), type([I64, I64], [])]),
  ...section(2, [
    [...text('host'), ...text('memory'), 0x02, 0, 1],
    ...['end', 'inputAt', 'inputLength'].map((name) => [...text('host'), ...text(name), 0x03, I64, 1]),
  ]),
  ...section(3, functions.map((one) => [one.type])),
  ...section(7, functions.map((one, index) => [...text(one.name), 0x00, index])),
  ...section(10, functions.map((one) => [one.body.length + 2, 0, ...one.body, 0x0b])),
]);
