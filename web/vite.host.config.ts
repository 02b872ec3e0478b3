import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { aliases, inlined } from './vite.shared';

const script = (name: string) => fileURLToPath(new URL(`./src/host/${name}.ts`, import.meta.url));
const page = (name: string) => fileURLToPath(new URL(`./pages/host/${name}.html`, import.meta.url));

/** The licences of the compiler for workers travel with it: see LICENCES.md. */
const compilerLicences: Plugin = {
  name: 'compiler-licences',
  generateBundle() {
    const texts = ['assemblyscript/LICENSE', 'assemblyscript/NOTICE', 'binaryen/LICENSE', 'long/LICENSE', '@extism/as-pdk/LICENSE'];
    const source = texts.map((path) => `==== ${path} ====\n\n${readFileSync(new URL(`./node_modules/${path}`, import.meta.url), 'utf8')}`).join('\n\n');
    this.emitFile({ type: 'asset', fileName: 'compiler-licences.txt', source });
  },
};

/** The pages on user-content origins: `dist/host`, served below `/__cloche/host/`. */
export default defineConfig({
  base: '/__cloche/host/',
  root: 'pages/host',
  publicDir: false,
  plugins: [compilerLicences],
  resolve: { alias: aliases },
  assetsInclude: inlined,
  worker: { format: 'es' },
  build: {
    outDir: '../../dist/host',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: { host: page('host'), app: page('app'), bridge: page('bridge'), workers: page('workers'), sw: script('sw/sw'), console: script('preview-console/start') },
      // These two have a fixed address; their contents are never cached for long.
      output: {
        entryFileNames: (chunk) => (['sw', 'console'].includes(chunk.name) ? '[name].js' : 'assets/[name]-[hash].js'),
        // The pages of apps take it as a classic script; its names are not to become theirs.
        postBanner: (chunk) => (chunk.name === 'console' ? '(()=>{' : ''),
        postFooter: (chunk) => (chunk.name === 'console' ? '})();' : ''),
      },
    },
  },
});
