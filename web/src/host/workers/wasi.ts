// WASI preview 1 for commands: arguments, standard streams, clocks, random numbers. No environment, no files, no sockets.

export const WASI = 'wasi_snapshot_preview1';

const SUCCESS = 0;
const BAD_FILE = 8;
const NOT_SEEKABLE = 70;
const NO_SYSTEM_CALL = 52;
const CHARACTER_DEVICE = 2;
const LONGEST_CHUNK = 65_536;

/** The guest ended itself. */
export class Exit extends Error {
  constructor(readonly code: number) {
    super(`ended with ${code}`);
  }
}

export interface CommandWorld {
  readonly args: readonly string[];
  readonly stdin: Uint8Array;
  /** Takes what is written to descriptor 1 or 2; throws when it is too much. */
  readonly write: (descriptor: number, bytes: Uint8Array) => void;
}

type SystemCall = (...parameters: never[]) => number;

/** The functions for one run of a command; `memory` is asked for when the instance is there. */
export function systemCalls(module: WebAssembly.Module, world: CommandWorld, memory: () => WebAssembly.Memory): Record<string, SystemCall> {
  const view = () => new DataView(memory().buffer);
  const bytes = (at: number, length: number) => new Uint8Array(memory().buffer, at, length);
  const encoder = new TextEncoder();
  const args = world.args.map((text) => encoder.encode(`${text}\0`));
  let read = 0;

  const sizes = (list: readonly Uint8Array[]) => (count: number, size: number) => {
    view().setUint32(count, list.length, true);
    view().setUint32(size, list.reduce((sum, one) => sum + one.length, 0), true);
    return SUCCESS;
  };
  const texts = (list: readonly Uint8Array[]) => (pointers: number, buffer: number) => {
    let at = buffer;
    for (const [index, one] of list.entries()) {
      view().setUint32(pointers + 4 * index, at, true);
      bytes(at, one.length).set(one);
      at += one.length;
    }
    return SUCCESS;
  };
  const vectors = (at: number, count: number) =>
    Array.from({ length: count }, (_, index) => bytes(view().getUint32(at + 8 * index, true), view().getUint32(at + 8 * index + 4, true)));

  const known: Record<string, SystemCall> = {
    args_sizes_get: sizes(args),
    args_get: texts(args),
    environ_sizes_get: sizes([]),
    environ_get: texts([]),
    clock_res_get: (_id: number, at: number) => {
      view().setBigUint64(at, 5_000n, true);
      return SUCCESS;
    },
    clock_time_get: (id: number, _precision: bigint, at: number) => {
      const now = id === 0 ? performance.timeOrigin + performance.now() : performance.now();
      view().setBigUint64(at, BigInt(Math.round(now * 1000)) * 1000n, true);
      return SUCCESS;
    },
    random_get: (at: number, length: number) => {
      for (let done = 0; done < length; done += LONGEST_CHUNK) {
        // it fills no memory that could be shared
        const some = crypto.getRandomValues(new Uint8Array(Math.min(LONGEST_CHUNK, length - done)));
        bytes(at + done, some.length).set(some);
      }
      return SUCCESS;
    },
    fd_read: (descriptor: number, at: number, count: number, result: number) => {
      if (descriptor !== 0) return BAD_FILE;
      let got = 0;
      for (const vector of vectors(at, count)) {
        const part = world.stdin.subarray(read, read + vector.length);
        vector.set(part);
        read += part.length;
        got += part.length;
      }
      view().setUint32(result, got, true);
      return SUCCESS;
    },
    fd_write: (descriptor: number, at: number, count: number, result: number) => {
      if (descriptor !== 1 && descriptor !== 2) return BAD_FILE;
      let put = 0;
      for (const vector of vectors(at, count)) {
        world.write(descriptor, vector.slice());
        put += vector.length;
      }
      view().setUint32(result, put, true);
      return SUCCESS;
    },
    fd_fdstat_get: (descriptor: number, at: number) => {
      if (descriptor > 2) return BAD_FILE;
      bytes(at, 24).fill(0);
      view().setUint8(at, CHARACTER_DEVICE);
      view().setBigUint64(at + 8, descriptor === 0 ? 2n : 64n, true);
      return SUCCESS;
    },
    fd_fdstat_set_flags: (descriptor: number) => (descriptor > 2 ? BAD_FILE : SUCCESS),
    fd_filestat_get: (descriptor: number, at: number) => {
      if (descriptor > 2) return BAD_FILE;
      bytes(at, 64).fill(0);
      view().setUint8(at + 16, CHARACTER_DEVICE);
      return SUCCESS;
    },
    fd_close: (descriptor: number) => (descriptor > 2 ? BAD_FILE : SUCCESS),
    fd_seek: (descriptor: number) => (descriptor > 2 ? BAD_FILE : NOT_SEEKABLE),
    fd_tell: (descriptor: number) => (descriptor > 2 ? BAD_FILE : NOT_SEEKABLE),
    fd_prestat_get: () => BAD_FILE,
    fd_prestat_dir_name: () => BAD_FILE,
    sched_yield: () => SUCCESS,
    proc_exit: (code: number) => {
      throw new Exit(code);
    },
  };
  const wanted = WebAssembly.Module.imports(module).filter((one) => one.module === WASI);
  return Object.fromEntries(wanted.map(({ name }) => [name, known[name] ?? (() => NO_SYSTEM_CALL)]));
}
