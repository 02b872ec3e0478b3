import { CommandGuest } from './command-guest';
import type { LogLevel } from './kernel';
import { PluginGuest } from './plugin-guest';

/** What a slot needs to know of a worker in order to run it. */
export interface Definition {
  readonly name: string;
  /** The last one is the main module; the others are libraries by their names. */
  readonly modules: readonly { readonly name: string; readonly module: WebAssembly.Module }[];
  readonly config: ReadonlyMap<string, string>;
  readonly memoryBytes: number;
  readonly variableBytes: number;
}

/** A running instance of a worker; for one call at a time. */
export interface Guest {
  /**
   * Calls a function. Throws `WorkerRefusal`, or `GuestError`, or what the engine throws when a guest traps. Only after a
   * `GuestError` it may be called again.
   */
  call(name: string, input: Uint8Array): Uint8Array<ArrayBuffer>;
  /** Whether it may be called again, after a success. */
  readonly isUsable: boolean;
  /** How much memory its instances hold, in bytes. */
  readonly memoryBytes: number;
}

const EXTISM = 'extism:host/env';

/** Whether the main module is a WASI command: a program with one start, not a plug-in. */
export function isCommand(main: WebAssembly.Module): boolean {
  const isPlugin = WebAssembly.Module.imports(main).some(({ module }) => module === EXTISM);
  return !isPlugin && WebAssembly.Module.exports(main).some(({ name, kind }) => name === '_start' && kind === 'function');
}

/** Makes an instance. */
export async function openGuest(definition: Definition, log: (level: LogLevel, text: string) => void): Promise<Guest> {
  const main = definition.modules.at(-1);
  if (main === undefined) throw new TypeError('a worker has a module');
  return isCommand(main.module) ? new CommandGuest(main.module, definition) : PluginGuest.open(definition, log);
}
