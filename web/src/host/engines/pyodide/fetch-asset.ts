/**
 * Fetches a published file into one buffer. Reading the stream is twice as fast as `arrayBuffer()`, which copies while
 * its buffer grows, and it lets the checksum run while the rest is still on its way.
 */
import { Checksum, checksumOf } from './checksum';
import type { Asset } from './snapshot-format';

/** `onBytes` is told the (decompressed) bytes of each piece. Throws when the file is not the one that the asset names. */
export async function fetchAsset(
  asset: Asset,
  baseUrl: string,
  onBytes: (count: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(new URL(asset.file, baseUrl));
  if (!response.ok || response.body === null) {
    throw new Error(`${asset.file}: the server answered ${response.status}`);
  }
  const bytes = new Uint8Array(asset.bytes);
  const words = new Int32Array(bytes.buffer, 0, asset.bytes >> 2);
  const checksum = new Checksum();
  let length = 0;
  let checked = 0;
  const reader = response.body.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    if (length + piece.value.length > bytes.length) {
      await reader.cancel();
      throw new Error(`${asset.file} has more than ${bytes.length} bytes`);
    }
    bytes.set(piece.value, length);
    length += piece.value.length;
    const whole = length >> 2;
    checksum.add(words, checked, whole);
    checked = whole;
    onBytes(piece.value.length);
  }
  if (length !== bytes.length) {
    throw new Error(`${asset.file} has ${length} bytes, not ${bytes.length}`);
  }
  if (checksum.value !== asset.checksum) {
    throw new Error(`${asset.file} is damaged`);
  }
  return bytes;
}

/** The same, but the thread waits; only for workers. */
export function fetchAssetNow(asset: Asset, baseUrl: string): Uint8Array<ArrayBuffer> {
  const request = new XMLHttpRequest();
  request.open('GET', new URL(asset.file, baseUrl), false);
  request.responseType = 'arraybuffer';
  request.send();
  if (request.status !== 200) {
    throw new Error(`${asset.file}: the server answered ${request.status}`);
  }
  const bytes = new Uint8Array(request.response as ArrayBuffer);
  if (bytes.length !== asset.bytes || checksumOf(bytes) !== asset.checksum) {
    throw new Error(`${asset.file} is damaged`);
  }
  return bytes;
}
