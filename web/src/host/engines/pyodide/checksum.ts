/**
 * A checksum against damage (a cut or mixed-up file), not against attackers: who can change the snapshot can change the
 * runtime too. SHA-256 would need the whole file first and five times as long; this runs while the bytes arrive, in four
 * lanes that the processor works on at once.
 */
export class Checksum {
  #a = 0x1b873593;
  #b = 0x2c1b3c6d;
  #c = 0x297a2d39;
  #d = 0x4cf5ad43;
  #count = 0;

  /** Takes in the words from `from` up to `to`. */
  add(words: Int32Array, from: number, to: number): void {
    let a = this.#a;
    let b = this.#b;
    let c = this.#c;
    let d = this.#d;
    let at = from;
    for (; at + 4 <= to; at += 4) {
      a = mix(a, words[at] ?? 0);
      b = mix(b, words[at + 1] ?? 0);
      c = mix(c, words[at + 2] ?? 0);
      d = mix(d, words[at + 3] ?? 0);
    }
    // The lanes turn, so that the next word is always the first lane's, however the words are cut into pieces.
    for (; at < to; at += 1) {
      [a, b, c, d] = [b, c, d, mix(a, words[at] ?? 0)];
    }
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#d = d;
    this.#count += to - from;
  }

  get value(): number {
    const lanes = [this.#a, this.#b, this.#c, this.#d];
    // Back to the places that they have when all words come at once.
    const turned = lanes.map((_, i) => lanes[(i - this.#count % 4 + 4) % 4] ?? 0);
    return turned.reduce(mix, this.#count) >>> 0;
  }
}

function mix(state: number, word: number): number {
  const mixed = Math.imul(state ^ word, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

/** Of a whole file; up to three bytes at the end of a length that is no multiple of 4 are left out. */
export function checksumOf(bytes: Uint8Array): number {
  const { buffer } = bytes.byteOffset === 0 ? bytes : bytes.slice();
  const checksum = new Checksum();
  checksum.add(new Int32Array(buffer, 0, bytes.length >> 2), 0, bytes.length >> 2);
  return checksum.value;
}
