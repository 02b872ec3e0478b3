import type { Definition, Guest } from './guest';
import { GuestError, WorkerRefusal } from './refusal';
import { Exit, systemCalls, WASI } from './wasi';

/** What a command may write to its standard output, and to its standard error; bytes. */
const LARGEST_OUTPUT = 64 * 1024 * 1024;
const LARGEST_COMPLAINT = 64 * 1024;

/** A WASI command: a new instance for each call, the function's name as its argument, the input on standard input. */
export class CommandGuest implements Guest {
  readonly isUsable = true;
  memoryBytes = 0;

  constructor(private readonly module: WebAssembly.Module, private readonly definition: Definition) {}

  call(name: string, input: Uint8Array): Uint8Array<ArrayBuffer> {
    const streams = [new Collected(LARGEST_OUTPUT, true), new Collected(LARGEST_COMPLAINT, false)] as const;
    const world = {
      args: [this.definition.name, name],
      stdin: input,
      write: (descriptor: number, bytes: Uint8Array) => streams[descriptor === 1 ? 0 : 1].add(bytes),
    };
    const found: { memory?: WebAssembly.Memory } = {};
    const calls = systemCalls(this.module, world, () => found.memory ?? new WebAssembly.Memory({ initial: 0 }));
    const { exports } = new WebAssembly.Instance(this.module, { [WASI]: calls });
    if (exports['memory'] instanceof WebAssembly.Memory) found.memory = exports['memory'];
    let code: number;
    try {
      code = exitCodeOf(exports['_start'] as () => void);
    } finally {
      this.memoryBytes = found.memory?.buffer.byteLength ?? 0;
    }
    if (code === 0) return streams[0].whole();
    const complaint = new TextDecoder().decode(streams[1].whole()).trim();
    throw new GuestError(complaint === '' ? `exit code ${code}` : complaint);
  }
}

function exitCodeOf(start: () => void): number {
  try {
    start();
    return 0;
  } catch (thrown) {
    if (thrown instanceof Exit) return thrown.code;
    throw thrown;
  }
}

class Collected {
  #parts: Uint8Array[] = [];
  #length = 0;

  constructor(private readonly most: number, private readonly isStrict: boolean) {}

  add(part: Uint8Array): void {
    if (!this.isStrict && this.#length + part.length > this.most) return;
    this.#length += part.length;
    if (this.#length > this.most) throw new WorkerRefusal('trapped', `the output has more than ${this.most} bytes`);
    this.#parts.push(part);
  }

  whole(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
}
