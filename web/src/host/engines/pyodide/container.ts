/**
 * A container is one file with a JSON header and bytes after it. The heap, the libraries and the files of a snapshot
 * are containers, so that each comes in one request, is decompressed by the browser and is used without a copy.
 *
 * Layout: 8 bytes of magic, the header's length in bytes (32 bit, little endian), the header (UTF-8 JSON),
 * zero bytes up to a multiple of 16, the payload.
 */
const MAGIC = 'CLOCHE01';
const HEADER_AT = MAGIC.length + 4;
const ALIGNMENT = 16;
const HEADER_LIMIT = 8 << 20;

export interface Container {
  readonly header: unknown;
  readonly payload: Uint8Array;
}

export class ContainerError extends Error {
  override readonly name = 'ContainerError';
}

export function writeContainer(header: unknown, payload: readonly Uint8Array[]): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = align(HEADER_AT + text.length);
  const length = payload.reduce((sum, part) => sum + part.length, start);
  const out = new Uint8Array(length);
  out.set(new TextEncoder().encode(MAGIC), 0);
  new DataView(out.buffer).setUint32(MAGIC.length, text.length, true);
  out.set(text, HEADER_AT);
  let at = start;
  for (const part of payload) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function readContainer(bytes: Uint8Array): Container {
  const { length, start } = headerPlace(bytes, bytes.length);
  return { header: parse(bytes, length), payload: bytes.subarray(start) };
}

/** The header of a container that is read in parts, and all bytes before the payload; `size` is the container's. */
export function readContainerHead(
  read: (target: Uint8Array, from: number) => void,
  size: number,
): { readonly header: unknown; readonly bytes: Uint8Array<ArrayBuffer> } {
  const first = new Uint8Array(Math.min(size, HEADER_AT));
  read(first, 0);
  const { length, start } = headerPlace(first, size);
  const bytes = new Uint8Array(start);
  read(bytes, 0);
  return { header: parse(bytes, length), bytes };
}

/** Length of the header, and where the payload starts; `size` is the whole container's. */
function headerPlace(bytes: Uint8Array, size: number): { readonly length: number; readonly start: number } {
  if (bytes.length < HEADER_AT || new TextDecoder().decode(bytes.subarray(0, MAGIC.length)) !== MAGIC) {
    throw new ContainerError('not a container');
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length, true);
  const start = align(HEADER_AT + length);
  if (length > HEADER_LIMIT || start > size) {
    throw new ContainerError('the header is cut off');
  }
  return { length, start };
}

function parse(bytes: Uint8Array, length: number): unknown {
  return JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER_AT, HEADER_AT + length))) as unknown;
}

function align(n: number): number {
  return Math.ceil(n / ALIGNMENT) * ALIGNMENT;
}
