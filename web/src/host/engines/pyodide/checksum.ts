/**
 * A checksum against damage (a cut or mixed-up file), not against attackers: who can change the snapshot can change the
 * runtime too. SHA-256 would need the whole file first and 75 ms more; this runs while the bytes arrive.
 */
export class Checksum {
  #state = 0x1b873593;

  /** Takes in the words from `from` up to `to`. */
  add(words: Int32Array, from: number, to: number): void {
    let state = this.#state;
    for (let i = from; i < to; i += 1) {
      state = Math.imul(state ^ (words[i] ?? 0), 0x9e3779b1);
      state ^= state >>> 15;
    }
    this.#state = state;
  }

  get value(): number {
    return this.#state >>> 0;
  }
}

/** Of a whole file; up to three bytes at the end of a length that is no multiple of 4 are left out. */
export function checksumOf(bytes: Uint8Array): number {
  const { buffer } = bytes.byteOffset === 0 ? bytes : bytes.slice();
  const checksum = new Checksum();
  checksum.add(new Int32Array(buffer, 0, bytes.length >> 2), 0, bytes.length >> 2);
  return checksum.value;
}
