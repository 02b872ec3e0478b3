import { kernelBytes } from './kernel-module';
import { WorkerRefusal } from './refusal';

type Address = bigint;

/** What guests may import: functions, and what else other guests export. */
export type Imports = Record<string, WebAssembly.ImportValue>;

/** What a worker may use of this page; bytes. */
export interface KernelLimits {
  readonly memory: number;
  readonly variables: number;
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

const PAGE = 65_536;
/** Addresses below are never given out, so that 0 is none. */
const FIRST = 64;

let compiled: WebAssembly.Module | undefined;

/**
 * The memory that host and guests of one worker share, and the functions of `extism:host/env` over it; as Extism's own
 * kernel does it. It is emptied before each call; variables stay.
 */
export class Kernel {
  readonly imports: Imports;
  readonly #memory: WebAssembly.Memory;
  readonly #end = new WebAssembly.Global({ value: 'i64', mutable: true }, BigInt(FIRST));
  readonly #inputAt = new WebAssembly.Global({ value: 'i64', mutable: true }, 0n);
  readonly #inputLength = new WebAssembly.Global({ value: 'i64', mutable: true }, 0n);
  readonly #lengths = new Map<number, number>();
  /** What was freed, by its rounded size. */
  readonly #free = new Map<number, number[]>();
  readonly #variables = new Map<string, Uint8Array>();
  #variableBytes = 0;
  #next = FIRST;
  #output: readonly [at: number, length: number] = [0, 0];
  #error: string | null = null;

  constructor(private readonly limits: KernelLimits, private readonly config: ReadonlyMap<string, string>, private readonly log: (level: LogLevel, text: string) => void) {
    this.#memory = new WebAssembly.Memory({ initial: 1, maximum: Math.max(1, Math.min(65_536, Math.floor(limits.memory / PAGE))) });
    compiled ??= new WebAssembly.Module(kernelBytes);
    const fast = new WebAssembly.Instance(compiled, { host: { memory: this.#memory, end: this.#end, inputAt: this.#inputAt, inputLength: this.#inputLength } });
    this.imports = { ...(fast.exports as Imports), ...this.#slow() };
  }

  /** Empties the memory and puts an input there. */
  begin(input: Uint8Array): void {
    new Uint8Array(this.#memory.buffer, 0, this.#next).fill(0);
    this.#next = FIRST;
    this.#end.value = BigInt(FIRST);
    this.#lengths.clear();
    this.#free.clear();
    this.#output = [0, 0];
    this.#error = null;
    const at = this.#put(input);
    this.#inputAt.value = BigInt(at);
    this.#inputLength.value = BigInt(input.length);
  }

  /** What the guest said last. */
  get output(): Uint8Array<ArrayBuffer> {
    return this.#bytes(...this.#output).slice();
  }

  get error(): string | null {
    return this.#error;
  }

  #slow(): Imports {
    const log = (level: LogLevel) => (at: Address) => this.log(level, this.#text(at));
    const noHttp = () => {
      throw new WorkerRefusal('trapped', 'In a tab a worker may ask no host. Call it on the server or on a node, which can be granted hosts.');
    };
    return {
      alloc: (length: bigint) => BigInt(this.#alloc(unsigned(length))),
      free: (at: Address) => this.#release(Number(at)),
      length: (at: Address) => BigInt(this.#lengths.get(Number(at)) ?? 0),
      length_unsafe: (at: Address) => BigInt(this.#lengths.get(Number(at)) ?? 0),
      input_offset: () => this.#inputAt.value as bigint,
      input_length: () => this.#inputLength.value as bigint,
      output_set: (at: Address, length: bigint) => {
        this.#output = this.#checked(at, length);
      },
      error_set: (at: Address) => {
        this.#error = at === 0n ? null : this.#text(at);
      },
      error_get: () => BigInt(this.#error === null ? 0 : this.#put(new TextEncoder().encode(this.#error))),
      reset: () => this.begin(new Uint8Array()),
      config_get: (key: Address) => this.#give(this.config.get(this.#text(key))),
      var_get: (key: Address) => this.#give(this.#variables.get(this.#text(key))),
      var_set: (key: Address, value: Address) => this.#setVariable(this.#text(key), value),
      http_request: noHttp,
      http_status_code: () => 0,
      http_headers: () => 0n,
      log_trace: log('trace'),
      log_debug: log('debug'),
      log_info: log('info'),
      log_warn: log('warn'),
      log_error: log('error'),
      get_log_level: () => 2,
    };
  }

  #alloc(length: number): number {
    if (length === 0) return 0;
    const size = rounded(length);
    const reused = this.#free.get(size)?.pop();
    if (reused !== undefined) {
      this.#lengths.set(reused, length);
      return reused;
    }
    const at = this.#next;
    const missing = at + size - this.#memory.buffer.byteLength;
    if (missing > 0) this.#grow(missing, length);
    this.#next = at + size;
    this.#end.value = BigInt(this.#next);
    this.#lengths.set(at, length);
    return at;
  }

  #grow(missing: number, length: number): void {
    const pages = Math.ceil(missing / PAGE);
    const most = Math.floor(this.limits.memory / PAGE) - this.#memory.buffer.byteLength / PAGE;
    try {
      if (pages > most) throw new RangeError('over the limit');
      // some ahead, since growing costs more than the memory
      this.#memory.grow(Math.min(most, Math.max(pages, this.#memory.buffer.byteLength / PAGE)));
    } catch {
      throw new WorkerRefusal('out_of_memory', `The worker wants ${length} bytes more of the ${this.limits.memory} that it may use.`);
    }
  }

  #release(at: number): void {
    const length = this.#lengths.get(at);
    if (length === undefined) return;
    this.#lengths.delete(at);
    const size = rounded(length);
    const list = this.#free.get(size);
    if (list === undefined) this.#free.set(size, [at]);
    else list.push(at);
  }

  #put(bytes: Uint8Array): number {
    const at = this.#alloc(bytes.length);
    this.#bytes(at, bytes.length).set(bytes);
    return at;
  }

  #give(value: string | Uint8Array | undefined): bigint {
    if (value === undefined) return 0n;
    const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
    return BigInt(this.#put(bytes));
  }

  #setVariable(key: string, value: Address): void {
    const old = this.#variables.get(key);
    const keyBytes = new TextEncoder().encode(key).length;
    if (old !== undefined) {
      this.#variables.delete(key);
      this.#variableBytes -= keyBytes + old.length;
    }
    if (value === 0n) return;
    const bytes = this.#block(value).slice();
    if (this.#variableBytes + keyBytes + bytes.length > this.limits.variables) {
      throw new WorkerRefusal('trapped', `The variables of this worker may take ${this.limits.variables} bytes together.`);
    }
    this.#variables.set(key, bytes);
    this.#variableBytes += keyBytes + bytes.length;
  }

  #text(at: Address): string {
    return new TextDecoder().decode(this.#block(at));
  }

  #block(at: Address): Uint8Array<ArrayBuffer> {
    const length = this.#lengths.get(Number(at));
    if (length === undefined) throw new WorkerRefusal('trapped', `There is no memory block at ${at}.`);
    return this.#bytes(Number(at), length);
  }

  #checked(at: Address, length: bigint): readonly [number, number] {
    const [from, size] = [unsigned(at), unsigned(length)];
    if (from + size > this.#next) throw new WorkerRefusal('trapped', `The output at ${from} with ${size} bytes is not in the worker's memory.`);
    return [from, size];
  }

  #bytes(at: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#memory.buffer as ArrayBuffer, at, length);
  }
}

/** Blocks of nearly the same size take one another's place: eight sizes for each power of two. */
function rounded(length: number): number {
  const step = Math.max(16, 2 ** (Math.floor(Math.log2(length)) - 3));
  return Math.ceil(length / step) * step;
}

function unsigned(value: bigint): number {
  return Number(BigInt.asUintN(64, value));
}
