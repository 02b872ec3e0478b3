/**
 * Reads a ZIP archive by its central directory (APPNOTE 4.3.12); stored and deflated entries, no ZIP64, no encryption.
 */
import { inflateRawSync } from 'node:zlib';

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const ENTRY_LIMIT = 256 << 20;

/** Files only; folders are implied by their paths. */
export function readZip(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== END) {
    end -= 1;
  }
  if (end < 0) {
    throw new Error('not a ZIP archive');
  }
  const entries = [];
  let at = view.getUint32(end + 16, true);
  for (let count = view.getUint16(end + 10, true); count > 0; count -= 1) {
    if (view.getUint32(at, true) !== CENTRAL) {
      throw new Error('the central directory of the ZIP archive is broken');
    }
    const nameLength = view.getUint16(at + 28, true);
    const path = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    if (!path.endsWith('/')) {
      entries.push({ path: checked(path), bytes: readEntry(bytes, view, at) });
    }
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

function readEntry(bytes, view, central) {
  const method = view.getUint16(central + 10, true);
  const packed = view.getUint32(central + 20, true);
  const size = view.getUint32(central + 24, true);
  const local = view.getUint32(central + 42, true);
  if (size > ENTRY_LIMIT) {
    throw new Error(`an entry of ${size} bytes`);
  }
  const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const data = bytes.subarray(from, from + packed);
  if (method !== 0 && method !== 8) {
    throw new Error(`compression method ${method}`);
  }
  const content = method === 0 ? data : inflateRawSync(data, { maxOutputLength: Math.max(size, 1) });
  if (content.length !== size) {
    throw new Error(`an entry has ${content.length} bytes, not ${size}`);
  }
  return content;
}

function checked(path) {
  if (path.startsWith('/') || path.includes('\\') || path.split('/').includes('..')) {
    throw new Error(`unsafe path in a ZIP archive: ${path}`);
  }
  return path;
}
