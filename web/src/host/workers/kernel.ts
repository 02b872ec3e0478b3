import kernelUrl from '../../../../workers/src/main/resources/dev/cloche/workers/kernel.wasm?inline';
import { withMemoryLimit } from './memory-limit';
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

/** What the kernel module exports for the host, besides the functions of the public interface. */
interface KernelExports {
  readonly memory: WebAssembly.Memory;
  alloc(length: bigint): bigint;
  free(at: Address): void;
  length(at: Address): bigint;
  cloche_begin(length: bigint): bigint;
  cloche_end(): [error: bigint, errorLength: bigint, output: bigint, outputLength: bigint, refused: number];
}

/** How a call left it. */
export interface KernelEnd {
  /** The text that the worker set as its error; null if it set none. */
  readonly error: string | null;
  /** Whether it was refused memory of the host. */
  readonly isRefused: boolean;
  readonly outputLength: number;
}

const PAGE = 65_536;
const LONGEST_ERROR = 65_536;
/** Levels below are not wanted: 2 is information, in the order of {@link LEVELS}. */
const LOG_LEVEL = 2;
const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];
const FOR_THE_HOST = new Set(['cloche_begin', 'cloche_end', 'memory']);

/**
 * The functions of `extism:host/env` for the guests of one worker. Memory is the matter of the same kernel module as on the
 * server and on nodes, `kernel.wat` of the room workers: guests call it without a way through JavaScript. What needs the
 * host - configuration, variables, log - is here. Nothing of one call is seen by the next.
 */
export class Kernel {
  readonly imports: Imports;
  private readonly wasm: KernelExports;
  private readonly variables = new Map<string, Uint8Array>();
  private variableBytes = 0;

  constructor(private readonly limits: KernelLimits, private readonly config: ReadonlyMap<string, string>, private readonly log: (level: LogLevel, text: string) => void) {
    const module = new WebAssembly.Module(withMemoryLimit(kernelBytes(), Math.max(1, Math.floor(limits.memory / PAGE))));
    const { exports } = new WebAssembly.Instance(module);
    this.wasm = exports as unknown as KernelExports;
    this.imports = { ...Object.fromEntries(Object.entries(exports as Imports).filter(([name]) => !FOR_THE_HOST.has(name))), ...this.hostFunctions() };
  }

  /** Forgets everything and takes an input. */
  begin(input: Uint8Array): void {
    this.variables.clear();
    this.variableBytes = 0;
    const at = this.wasm.cloche_begin(BigInt(input.length));
    if (input.length === 0) return;
    if (at === 0n) throw new WorkerRefusal('out_of_memory', `no room for an input of ${input.length} bytes`);
    this.bytes(at, input.length).set(input);
  }

  end(): KernelEnd {
    const [error, errorLength, , outputLength, refused] = this.wasm.cloche_end();
    const length = Math.min(Number(errorLength), LONGEST_ERROR);
    return { error: length === 0 ? null : new TextDecoder().decode(this.bytes(error, length)), isRefused: refused !== 0, outputLength: Number(outputLength) };
  }

  /** A copy of what the worker gave as its output. */
  output(): Uint8Array<ArrayBuffer> {
    const [, , output, outputLength] = this.wasm.cloche_end();
    return this.bytes(output, Number(outputLength)).slice();
  }

  get memoryBytes(): number {
    return this.wasm.memory.buffer.byteLength;
  }

  private hostFunctions(): Imports {
    const logs = LEVELS.map((level, grave) => [`log_${level}`, (at: Address) => this.write(level, grave, at)] as const);
    return {
      ...Object.fromEntries(logs),
      get_log_level: () => LOG_LEVEL,
      config_get: (key: Address) => this.give(this.config.get(this.text(key, 'config key'))),
      var_get: (key: Address) => this.give(this.variables.get(this.text(key, 'var key'))),
      var_set: (key: Address, value: Address) => this.setVariable(this.text(key, 'var key'), value),
      http_request: () => {
        throw new WorkerRefusal('trapped', 'HTTP requests are not possible in a tab. Call the worker on the server or on a node, which can be granted hosts.');
      },
      http_status_code: () => 0,
      http_headers: () => 0n,
    };
  }

  private write(level: LogLevel, grave: number, at: Address): void {
    if (grave < LOG_LEVEL) this.wasm.free(at);
    else this.log(level, this.text(at, 'log message'));
  }

  private setVariable(key: string, value: Address): void {
    const keyBytes = new TextEncoder().encode(key).length;
    const old = this.variables.get(key);
    const without = this.variableBytes - (old === undefined ? 0 : keyBytes + old.length);
    if (value === 0n) {
      this.variables.delete(key);
      this.variableBytes = without;
      return;
    }
    const bytes = this.take(value, 'var value');
    if (this.limits.variables === 0) throw new WorkerRefusal('trapped', 'Vars are disabled by this host');
    if (without + keyBytes + bytes.length > this.limits.variables) throw new WorkerRefusal('trapped', 'Variable store is full');
    this.variables.set(key, bytes);
    this.variableBytes = without + keyBytes + bytes.length;
  }

  private give(value: string | Uint8Array | undefined): bigint {
    const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
    if (bytes === undefined || bytes.length === 0) return 0n;
    const at = this.wasm.alloc(BigInt(bytes.length));
    if (at === 0n) throw new WorkerRefusal('out_of_memory', `out of memory: no room for ${bytes.length} bytes`);
    this.bytes(at, bytes.length).set(bytes);
    return at;
  }

  private text(at: Address, what: string): string {
    return new TextDecoder().decode(this.take(at, what));
  }

  /** Takes a block over: a copy of it, and the block is free. */
  private take(at: Address, what: string): Uint8Array<ArrayBuffer> {
    const length = Number(this.wasm.length(at));
    if (length === 0) throw new WorkerRefusal('trapped', `invalid handle offset for ${what}: ${BigInt.asUintN(64, at)}`);
    const bytes = this.bytes(at, length).slice();
    this.wasm.free(at);
    return bytes;
  }

  private bytes(at: Address, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.wasm.memory.buffer as ArrayBuffer, Number(at), length);
  }
}

/** The module is a part of this script: the page may fetch nothing. */
function kernelBytes(): Uint8Array<ArrayBuffer> {
  const binary = atob(kernelUrl.slice(kernelUrl.indexOf(',') + 1));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}
