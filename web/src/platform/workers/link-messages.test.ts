import { expect, it } from 'vitest';
import { browserName } from './browser-name';
import { decode, encode } from './link-messages';

it('writes and reads messages of the link', () => {
  const message = encode({ type: 'answer', call: 7, ranMs: 1.5 }, new Uint8Array([1, 2, 3]).buffer);
  const read = decode(message);
  expect(read?.head).toEqual({ type: 'answer', call: 7, ranMs: 1.5 });
  expect([...new Uint8Array(read?.bytes ?? new ArrayBuffer())]).toEqual([1, 2, 3]);
});

it('takes no message of another form', () => {
  const claims = new ArrayBuffer(8);
  new DataView(claims).setUint32(0, 1000, true);
  for (const wrong of [new ArrayBuffer(), new ArrayBuffer(3), claims, new TextEncoder().encode('\x04\0\0\0null').buffer, new TextEncoder().encode('\x03\0\0\0{a}').buffer]) expect(decode(wrong as ArrayBuffer)).toBeNull();
});

it('keeps heads short, however long a failure is told', () => {
  expect(encode({ type: 'failed', call: 1, error: 'failed', message: 'x'.repeat(100_000) }).byteLength).toBeLessThan(5000);
});

it('names browsers', () => {
  expect(browserName('Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0')).toBe('Firefox 153');
  expect(browserName('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36')).toBe('Chrome 156');
  expect(browserName('Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0')).toBe('Edge 156');
  expect(browserName('Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15')).toBe('Safari 26');
  expect(browserName('something')).toBe('Browser');
});
