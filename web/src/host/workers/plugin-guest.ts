import { createPlugin, type ExtismPluginOptions } from '@extism/extism';
import type { Definition, Guest } from './guest';
import { type Imports, Kernel, type LogLevel } from './kernel';
import { failureOf, GuestError, LostGuest, WorkerRefusal } from './refusal';
import { WASI } from './wasi';

type HostFunctions = NonNullable<ExtismPluginOptions['functions']>;

const EXTISM = 'extism:host/env';
const LARGEST_OUTPUT = 64 * 1024 * 1024;

/**
 * An Extism plug-in. The SDK makes each module's instance, with its WASI and the start of its runtime; the memory functions
 * are ours, since the SDK's know no limits, forget the length of an output and join no modules. See decision 0032.
 */
export class PluginGuest implements Guest {
  isUsable = true;

  private constructor(
    private readonly kernel: Kernel,
    private readonly instances: readonly WebAssembly.Instance[],
  ) {}

  static async open(definition: Definition, log: (level: LogLevel, text: string) => void): Promise<PluginGuest> {
    const kernel = new Kernel({ memory: definition.memoryBytes, variables: definition.variableBytes }, definition.config, log);
    const instances: WebAssembly.Instance[] = [];
    const functions: HostFunctions = { [EXTISM]: offered(kernel.imports), env: offered({ abort }) };
    kernel.begin(new Uint8Array());
    for (const { name, module } of definition.modules) {
      const useWasi = WebAssembly.Module.imports(module).some((wanted) => wanted.module === WASI);
      const plugin = await createPlugin({ wasm: [{ name, module }] }, { useWasi, functions, logger: quiet, config: {} });
      const instance = await plugin.getInstance(name);
      initialize(instance, useWasi);
      instances.push(instance);
      functions[name] = offered(instance.exports as Imports);
    }
    return new PluginGuest(kernel, instances);
  }

  get memoryBytes(): number {
    return this.kernel.memoryBytes + this.instances.reduce((sum, { exports }) => sum + (exports['memory'] instanceof WebAssembly.Memory ? exports['memory'].buffer.byteLength : 0), 0);
  }

  call(name: string, input: Uint8Array): Uint8Array<ArrayBuffer> {
    const called = this.instances.at(-1)?.exports[name];
    if (typeof called !== 'function' || called.length > 0) throw new WorkerRefusal('unknown_function', `Function not found: ${name}`);
    this.kernel.begin(input);
    let code: number;
    try {
      code = Number((called as () => unknown)() ?? 0);
    } catch (thrown) {
      return this.ended(thrown);
    }
    const { error, outputLength } = this.kernel.end();
    if (error !== null) throw new GuestError(error);
    if (code !== 0) throw new GuestError(`Returned non-zero exit code: ${code}`);
    if (outputLength > LARGEST_OUTPUT) throw new WorkerRefusal('failed', `the output has more than ${LARGEST_OUTPUT} bytes`);
    return this.kernel.output();
  }

  /** The guest was ended, or ended itself; an error that it had set before says more than the way it went. */
  private ended(thrown: unknown): Uint8Array<ArrayBuffer> {
    const { error, isRefused } = this.kernel.end();
    if (error !== null) throw new LostGuest(failureOf(error));
    // the SDK's WASI throws it for `proc_exit`
    if (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'number') {
      if (thrown.code !== 0) throw new LostGuest({ error: 'failed', message: `exit code ${thrown.code}` });
      this.isUsable = false;
      return this.kernel.output();
    }
    if (isRefused) throw new WorkerRefusal('out_of_memory', 'out of memory: it was ended after the host had refused it memory');
    throw thrown;
  }
}

/** Runs what a module wants to run first and the SDK has not: it knows only WASI's `_initialize`. */
function initialize({ exports }: WebAssembly.Instance, isDone: boolean): void {
  const start = exports['_initialize'] ?? exports['__wasm_call_ctors'];
  const isReactor = exports['_initialize'] !== undefined;
  if (typeof start === 'function' && !(isReactor && isDone)) (start as () => void)();
}

/** What AssemblyScript imports for a failed assertion. */
function abort(_message: number, _file: number, line: number, column: number): never {
  throw new WorkerRefusal('trapped', `The worker was ended: abort at line ${line}, column ${column} of its source.`);
}

/** As the SDK wants them: it calls `bind` to put itself before the arguments, which ours do not need. */
function offered(imports: Imports): HostFunctions[string] {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(imports)) {
    if (typeof value !== 'number') Object.defineProperty(value, 'bind', { configurable: true, value: () => value });
    result[name] = value;
  }
  return result as HostFunctions[string];
}

const nothing = () => undefined;
const quiet = { ...console, info: nothing, debug: nothing, warn: nothing, error: nothing, log: nothing } as Console;
