import { expect, it } from 'vitest';
import { readZip } from './zip-reader';
import { writeZip } from './zip-writer';

it('writes what can be read again', async () => {
  const files = new Map([['worker.json', new TextEncoder().encode('{}')], ['ä/b.wasm', new Uint8Array([0, 1, 255])], ['empty', new Uint8Array()]]);
  const zip = new Uint8Array(await writeZip(files).arrayBuffer());
  expect(await readZip(zip)).toEqual(files);
  // as `zip` and `crc32` of other programs say it: the check of '123456789'
  const known = new DataView(await writeZip(new Map([['a', new TextEncoder().encode('123456789')]])).arrayBuffer());
  expect(known.getUint32(14, true)).toBe(0xcbf43926);
});
