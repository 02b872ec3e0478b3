import env from '@extism/as-pdk/lib/env.ts?raw';
import pdk from '@extism/as-pdk/lib/pdk.ts?raw';
import index from '@extism/as-pdk/index.ts?raw';

/** Extism's kit for AssemblyScript, where the compiler looks for packages: what `npm install` puts there. */
export const kit: ReadonlyMap<string, string> = new Map([
  ['node_modules/@extism/as-pdk/index.ts', index],
  ['node_modules/@extism/as-pdk/lib/env.ts', env],
  ['node_modules/@extism/as-pdk/lib/pdk.ts', pdk],
]);
