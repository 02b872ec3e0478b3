import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { aliases, inlined } from './vite.shared';

const script = (name: string) => fileURLToPath(new URL(`./src/host/${name}.ts`, import.meta.url));
const page = (name: string) => fileURLToPath(new URL(`./pages/host/${name}.html`, import.meta.url));

/** The pages on user-content origins: `dist/host`, served below `/__cloche/host/`. */
export default defineConfig({
  base: '/__cloche/host/',
  root: 'pages/host',
  publicDir: false,
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
