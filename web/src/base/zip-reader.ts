/** A zip that cannot be read, in words for a person. */
export class ZipProblem extends Error {}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const mostEntries = 100_000;
const mostBytes = 512 * 1024 * 1024;

/**
 * The files of a zip by their paths, of those that are wanted; stored and deflated entries, no encryption, no zip64,
 * at most 512 MB unpacked.
 */
export async function readZip(zip: Uint8Array<ArrayBuffer>, isWanted: (path: string) => boolean = () => true): Promise<Map<string, Uint8Array>> {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  if (count > mostEntries) throw new ZipProblem('The archive has too many files.');
  const result = new Map<string, Uint8Array>();
  let at = view.getUint32(end + 16, true);
  let total = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > zip.length || view.getUint32(at, true) !== entrySignature) throw new ZipProblem('The archive is damaged.');
    const method = view.getUint16(at + 10, true);
    const packed = view.getUint32(at + 20, true);
    const size = view.getUint32(at + 24, true);
    const nameLength = view.getUint16(at + 28, true);
    const rest = view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    const name = new TextDecoder().decode(zip.subarray(at + 46, at + 46 + nameLength));
    const local = view.getUint32(at + 42, true);
    at += 46 + nameLength + rest;
    if (name.endsWith('/') || !isWanted(name)) continue;
    total += size;
    if (total > mostBytes) throw new ZipProblem('The archive is too large.');
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    result.set(name, await unpack(zip.subarray(start, start + packed), method, size));
  }
  return result;
}

function findEnd(view: DataView): number {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 0xffff); at--) {
    if (view.getUint32(at, true) === endSignature) return at;
  }
  throw new ZipProblem('This is no zip archive.');
}

async function unpack(bytes: Uint8Array<ArrayBuffer>, method: number, size: number): Promise<Uint8Array> {
  if (method === 0) return bytes.slice();
  if (method !== 8) throw new ZipProblem('The archive uses a compression that is not known here.');
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const unpacked = new Uint8Array(await new Response(stream).arrayBuffer());
  if (unpacked.length !== size) throw new ZipProblem('The archive is damaged.');
  return unpacked;
}
