// The Web Worker in which AssemblyScript is compiled. The compiler is loaded with the first build, and never by anything else.
import type { BuildFailure } from '@/protocol';
import { CannotBuild, compile, type Compiler } from './compile';
import type { FromCompiler, ToCompiler } from './compiler-messages';

let compiler: Promise<Compiler> | undefined;

// The compiler has a small module of its own in a data: URL, which it fetches; the policy of this origin lets nothing connect.
globalThis.fetch = (input) => {
  const [, base64] = /^data:application\/wasm;base64,(.*)$/.exec(String(input)) ?? [];
  if (base64 === undefined) return Promise.reject(new TypeError('Nothing is fetched here.'));
  return Promise.resolve(new Response(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)), { headers: { 'content-type': 'application/wasm' } }));
};

self.onmessage = ({ data: { id, request } }: MessageEvent<ToCompiler>) => {
  void build(id, request);
};

async function build(id: number, request: ToCompiler['request']): Promise<void> {
  try {
    if (compiler === undefined) say({ type: 'step', id, at: { step: 'loading' } });
    compiler ??= import('assemblyscript/asc').then((module) => module as unknown as Compiler);
    const result = await compile(await compiler, request, ({ path }, index) => say({ type: 'step', id, at: { step: 'compiling', path, number: index + 1, of: request.modules.length } }));
    say({ type: 'built', id, result }, result.modules.map(({ bytes }) => bytes));
  } catch (thrown) {
    const failure: BuildFailure = thrown instanceof CannotBuild ? thrown.failure : { error: 'unavailable', message: `The compiler gave up: ${thrown instanceof Error ? thrown.message : String(thrown)}`, problems: [], said: '' };
    say({ type: 'not-built', id, failure });
  }
}

function say(message: FromCompiler, transfer: Transferable[] = []): void {
  (self as unknown as Worker).postMessage(message, transfer);
}
