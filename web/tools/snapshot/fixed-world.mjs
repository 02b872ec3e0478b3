/**
 * Fixes what else would differ between two recordings: the clock and the random numbers. Loaded before anything else.
 * Sessions get their own randomness and time zone after the restore (fresh-session.ts), and read the real clock.
 */
import crypto, { createHash } from 'node:crypto';

const EPOCH_MS = Date.UTC(2026, 0, 1);
const RealDate = Date;
let ticks = 0;

/** Sets the clocks on, by so many milliseconds. */
export function advance(milliseconds) {
  ticks += milliseconds * 1000;
}

const now = () => EPOCH_MS + Math.floor((ticks += 1) / 1000);

globalThis.Date = class extends RealDate {
  constructor(...values) {
    super(...(values.length === 0 ? [now()] : values));
  }

  static now() {
    return now();
  }
};
performance.now = () => (ticks += 1) / 1000;

let block = 0;
const fill = (view) => {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  for (let at = 0; at < bytes.length; at += 32) {
    const digest = createHash('sha256').update(`cloche ${(block += 1)}`).digest();
    bytes.set(digest.subarray(0, bytes.length - at), at);
  }
  return view;
};
crypto.randomFillSync = fill;
globalThis.crypto.getRandomValues = fill;
