/**
 * A container is one file with a JSON header and bytes after it. The heap, the libraries and the files of a snapshot
 * are containers, so that each comes in one request, is decompressed by the browser and is used without a copy.
 *
 * Layout: 8 bytes of magic, the header's length in bytes (32 bit, little endian), the header (UTF-8 JSON),
 * zero bytes up to a multiple of 16, the payload.
 */
const MAGIC = 'CLOCHE01';
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
  const start = align(MAGIC.length + 4 + text.length);
  const length = payload.reduce((sum, part) => sum + part.length, start);
  const out = new Uint8Array(length);
  out.set(new TextEncoder().encode(MAGIC), 0);
  new DataView(out.buffer).setUint32(MAGIC.length, text.length, true);
  out.set(text, MAGIC.length + 4);
  let at = start;
  for (const part of payload) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function readContainer(bytes: Uint8Array): Container {
  const lengthAt = MAGIC.length;
  if (bytes.length < lengthAt + 4 || new TextDecoder().decode(bytes.subarray(0, lengthAt)) !== MAGIC) {
    throw new ContainerError('not a container');
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(lengthAt, true);
  const start = align(lengthAt + 4 + length);
  if (length > HEADER_LIMIT || start > bytes.length) {
    throw new ContainerError('the header is cut off');
  }
  const text = new TextDecoder().decode(bytes.subarray(lengthAt + 4, lengthAt + 4 + length));
  return { header: JSON.parse(text) as unknown, payload: bytes.subarray(start) };
}

function align(n: number): number {
  return Math.ceil(n / ALIGNMENT) * ALIGNMENT;
}
