import { createPlugin, type ExtismPluginOptions } from '@extism/extism';
import type { Definition, Guest } from './guest';
import { type Imports, Kernel, type LogLevel } from './kernel';
import { GuestError, WorkerRefusal } from './refusal';
import { WASI } from './wasi';

type HostFunctions = NonNullable<ExtismPluginOptions['functions']>;

const EXTISM = 'extism:host/env';

/**
 * An Extism plug-in. The SDK makes each module's instance, with its WASI and the start of its runtime; the memory functions
 * are ours, since the SDK's know no limits, forget the length of an output and join no modules. See decision 0032.
 */
export class PluginGuest implements Guest {
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
    return this.instances.reduce((sum, { exports }) => sum + (exports['memory'] instanceof WebAssembly.Memory ? exports['memory'].buffer.byteLength : 0), 0);
  }

  call(name: string, input: Uint8Array): Uint8Array<ArrayBuffer> {
    const called = this.instances.at(-1)?.exports[name];
    if (typeof called !== 'function' || called.length > 0 || name.startsWith('_')) {
      throw new WorkerRefusal('unknown_function', `The worker has no function '${name}'.`);
    }
    this.kernel.begin(input);
    const code = exitCodeOf(called as () => unknown);
    if (this.kernel.error !== null) throw new GuestError(this.kernel.error);
    if (code !== 0) throw new GuestError(`'${name}' ended with ${code} and said no more.`);
    return this.kernel.output;
  }
}

/** What the function returns, or the status with which the guest ended itself; nothing is 0. */
function exitCodeOf(called: () => unknown): number {
  try {
    const result = called();
    return typeof result === 'number' ? result : 0;
  } catch (thrown) {
    // the SDK's WASI throws it for `proc_exit`
    if (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'number') return thrown.code;
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
