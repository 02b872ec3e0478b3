/** Contents of files in memory. Those that were not used for long make room when the limit is reached. */
export class ContentCache {
  private readonly contents = new Map<string, Uint8Array>();
  private total = 0;

  constructor(private readonly limit = 128 * 1024 * 1024) {}

  get(path: string): Uint8Array | undefined {
    const bytes = this.contents.get(path);
    if (bytes !== undefined) {
      this.contents.delete(path);
      this.contents.set(path, bytes);
    }
    return bytes;
  }

  has(path: string): boolean {
    return this.contents.has(path);
  }

  set(path: string, bytes: Uint8Array): void {
    this.delete(path);
    this.contents.set(path, bytes);
    this.total += bytes.length;
    for (const [oldest, content] of this.contents) {
      if (this.total <= this.limit || oldest === path) break;
      this.contents.delete(oldest);
      this.total -= content.length;
    }
  }

  delete(path: string): void {
    const bytes = this.contents.get(path);
    if (bytes === undefined) return;
    this.contents.delete(path);
    this.total -= bytes.length;
  }

  move(path: string, to: string): void {
    const bytes = this.contents.get(path);
    if (bytes === undefined) return;
    this.delete(path);
    this.set(to, bytes);
  }
}
