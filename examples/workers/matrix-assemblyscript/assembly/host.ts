// What a call gets from the host and gives to it, over the functions that Extism's kit declares.
import { alloc, error_set, input_length, input_load_u64, input_load_u8, output_set, store_u64, store_u8 } from '@extism/as-pdk/lib/env'

/** Begins a call: gives all memory of the one before back. */
export function begin(): void {
  heap.reset()
}

/** Memory of this call, aligned to 16 bytes. */
export function take(length: usize): usize {
  return heap.alloc(length)
}

/** Gives back the block that was taken last. */
export function giveBack(block: usize): void {
  heap.free(block)
}

export function giveUp(message: string | null, file: string | null, line: u32, column: u32): void {
  unreachable()
}

export function inputLength(): u64 {
  return input_length()
}

/** Copies a part of the input. */
export function readInput(to: usize, offset: u64, length: u64): void {
  let at: u64 = 0
  for (; at + 8 <= length; at += 8) store<u64>(to + <usize>at, input_load_u64(offset + at))
  for (; at < length; at++) store<u8>(to + <usize>at, input_load_u8(offset + at))
}

export function inputU32(offset: u64): u32 {
  let value: u32 = 0
  for (let i: u32 = 0; i < 4; i++) value |= <u32>input_load_u8(offset + i) << (8 * i)
  return value
}

/** Writes into the host's memory. */
export function write(to: u64, from: usize, length: u64): void {
  let at: u64 = 0
  for (; at + 8 <= length; at += 8) store_u64(to + at, load<u64>(from + <usize>at))
  for (; at < length; at++) store_u8(to + at, load<u8>(from + <usize>at))
}

export function answer(from: usize, length: u64): i32 {
  const block = alloc(length)
  write(block, from, length)
  output_set(block, length)
  return 0
}

export function fail(text: string): i32 {
  const bytes = String.UTF8.encode(text)
  const block = alloc(bytes.byteLength)
  write(block, changetype<usize>(bytes), bytes.byteLength)
  error_set(block)
  return 1
}

/** Ends a call with what is wrong with its input: the field, the rule that it breaks, and a sentence. */
export function refuse(field: string, rule: string, message: string): i32 {
  return fail('{"field":"' + quoted(field) + '","rule":"' + rule + '","message":"' + quoted(message) + '"}')
}

function quoted(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
}
