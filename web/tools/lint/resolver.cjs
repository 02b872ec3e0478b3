// Tells the layer rules which file an import means: `@/x` is below src, the rest is relative.
const { existsSync, statSync } = require('node:fs');
const { dirname, join, resolve } = require('node:path');

const source = resolve(__dirname, '../../src');
const endings = ['', '.ts', '.tsx', '.gen.ts', '/index.ts', '/index.tsx'];

exports.interfaceVersion = 2;
exports.resolve = (specifier, file) => {
  const [name] = specifier.split('?');
  const base = name.startsWith('@/') ? join(source, name.slice(2)) : name.startsWith('.') ? resolve(dirname(file), name) : null;
  if (base === null) return { found: false };
  const path = endings.map((ending) => base + ending).find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
  return path === undefined ? { found: false } : { found: true, path };
};
