import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './server';
import { zip } from '../../web/test/host/zip';

/** What a plug-in that others wrote must answer, as the public plug-in interface's own library has it. */
export interface PluginCase {
  /** Files of `workers/src/test/resources/extism`, the main module last, libraries with the name by which they are imported. */
  readonly modules: readonly (string | readonly [file: string, name: string])[];
  readonly config?: Readonly<Record<string, string>>;
  readonly manifest?: object;
  readonly function: string;
  readonly input?: string;
  readonly output?: string;
  readonly failure?: string;
  readonly message?: string;
}

const vowels = (count: number, of = 'aeiouAEIOU') => `{"count":${count},"total":${count},"vowels":"${of}"}`;

/** In Rust, Go by TinyGo, C, C++, Haskell, AssemblyScript and by hand; see the folder's README. */
export const PLUGIN_CASES: readonly PluginCase[] = [
  { modules: ['count_vowels'], function: 'count_vowels', input: 'hello world, HELLO', output: vowels(5) },
  { modules: ['count_vowels'], function: 'count_vowels', input: '', output: vowels(0) },
  { modules: ['count_vowels'], config: { vowels: 'lo' }, function: 'count_vowels', input: 'hello world', output: vowels(5, 'lo') },
  { modules: ['count_vowels'], function: 'nope', failure: 'unknown_function', message: 'Function not found: nope' },
  { modules: ['config'], function: 'run_test', output: '{"config": "<unset by host>"}' },
  { modules: ['config'], config: { thing: 'hello' }, function: 'run_test', output: '{"config": "hello"}' },
  { modules: ['alloc'], function: 'run_test', input: 'abc', output: '' },
  { modules: ['noop'], function: 'run_test', input: 'abc', output: '' },
  { modules: ['log'], function: 'run_test', input: 'abc', output: '' },
  { modules: ['hello'], function: 'run_test', input: 'abc', output: 'Hello, world!' },
  { modules: ['replace'], function: 'run_test', input: '{{ replace me }} hello', output: '{{ replace me }} hello' },
  { modules: ['input_offset'], function: 'input_offset_length', input: '{{ replace me }} hello', output: '\u0016\0\0\0\0\0\0\0' },
  { modules: ['consume'], function: 'consume', input: 'hi', output: '' },
  { modules: ['allocations'], function: 'allocations', output: '' },
  { modules: ['echo'], function: 'echo', input: 'hi', output: '\0\0' },
  { modules: ['echo'], function: 'echo', input: 'x'.repeat(100_000), output: 'x'.repeat(100_000) },
  { modules: ['fail'], function: 'run_test', failure: 'failed', message: 'Some error message' },
  { modules: ['unreachable'], function: 'do_unreachable', failure: 'trapped' },
  { modules: ['exit'], config: { code: '0' }, function: '_start', output: '' },
  { modules: ['exit'], config: { code: '3' }, function: '_start', failure: 'failed', message: 'exit code 3' },
  { modules: ['sleep'], config: { duration: '0' }, function: 'run_test', output: 'slept for 0 seconds' },
  { modules: ['sleep'], config: { duration: '600' }, manifest: { timeout_ms: 300 }, function: 'run_test', failure: 'timed_out' },
  { modules: ['var'], function: 'run_test', output: 'a: 0' },
  { modules: ['var'], manifest: { memory: { max_var_bytes: 0 } }, function: 'run_test', failure: 'trapped', message: 'Vars are disabled by this host' },
  { modules: [['lib', 'lib'], 'main'], function: 'run_test', input: 'benjamin', output: 'Hello, BENJAMIN' },
  { modules: [['upper', 'extism:host/user'], 'reflect'], function: 'reflect', input: 'this is a test', output: 'THIS IS A TEST' },
  { modules: ['hello_haskell'], function: 'testing', input: 'Ada' },
];

/** The bundle of a case. */
export function pluginBundle({ modules, config, manifest }: PluginCase): Buffer {
  const pairs = modules.map((one) => (typeof one === 'string' ? ([one, null] as const) : one));
  const wasm = pairs.map(([file, name]) => ({ path: `${file}.wasm`, ...(name !== null && { name }) }));
  const files = pairs.map(([file]) => [`${file}.wasm`, readFileSync(join(ROOT, 'workers/src/test/resources/extism', `${file}.wasm`))] as const);
  return zip({ 'worker.json': Buffer.from(JSON.stringify({ wasm, ...(config !== undefined && { config }), ...manifest })), ...Object.fromEntries(files) });
}
