import { WorkerRefusal } from './refusal';

const MEMORY_SECTION = 5;
const HAS_MAXIMUM = 1;

/**
 * A module's bytes with the same memory, but no more pages of 64 KiB than `pages`: the only way to bound a memory that a
 * module makes itself. Bytes that are no module are given back as they are; the compiler says what is wrong with them.
 */
export function withMemoryLimit(module: Uint8Array<ArrayBuffer>, pages: number): Uint8Array<ArrayBuffer> {
  let at = 8;
  while (at < module.length) {
    const id = module[at];
    const size = readNumber(module, at + 1);
    if (size === null) return module;
    const end = size.next + size.value;
    if (id === MEMORY_SECTION) {
      const section = limited(module.subarray(size.next, end), pages);
      return section === null ? module : concatenated([module.subarray(0, at), new Uint8Array([MEMORY_SECTION, ...written(section.length)]), section, module.subarray(end)]);
    }
    at = end;
  }
  return module;
}

function limited(section: Uint8Array, pages: number): Uint8Array<ArrayBuffer> | null {
  const count = readNumber(section, 0);
  if (count === null) return null;
  const result = written(count.value);
  let at = count.next;
  for (let index = 0; index < count.value; index++) {
    const flags = section[at] ?? 0;
    const least = readNumber(section, at + 1);
    const most = least !== null && (flags & HAS_MAXIMUM) !== 0 ? readNumber(section, least.next) : null;
    if (least === null) return null;
    if (least.value > pages) {
      throw new WorkerRefusal('out_of_memory', `The module begins with ${least.value} pages of memory; its limit is ${pages} (memory.max_pages).`);
    }
    result.push(flags | HAS_MAXIMUM, ...written(least.value), ...written(Math.min(pages, most?.value ?? pages)));
    at = most?.next ?? least.next;
  }
  return new Uint8Array(result);
}

/** An unsigned LEB128 number, as modules write them. */
function readNumber(bytes: Uint8Array, from: number): { readonly value: number; readonly next: number } | null {
  let value = 0;
  for (let index = 0; index < 8; index++) {
    const byte = bytes[from + index];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, next: from + index + 1 };
  }
  return null;
}

function written(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return bytes;
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
