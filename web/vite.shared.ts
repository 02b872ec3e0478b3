import { fileURLToPath } from 'node:url';
import type { Alias } from 'vite';

/** Names that both applications resolve alike; Monaco 0.57 moved its modules and two add-ons still use the old paths. */
export const aliases: Alias[] = [
  { find: /^@\//, replacement: `${fileURLToPath(new URL('./src', import.meta.url))}/` },
  { find: /^monaco-editor\/esm\/vs\/(.+?)(\.js)?$/, replacement: 'monaco-editor/$1' },
  { find: /^monaco-vim$/, replacement: fileURLToPath(new URL('./node_modules/monaco-vim/dist/index.mjs', import.meta.url)) },
];

/** The kernel of WebAssembly workers, which the server has too: taken into the script as it is. */
export const inlined = ['**/dev/cloche/workers/kernel.wasm'];
