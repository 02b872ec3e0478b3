import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { aliases } from './vite.shared';

const page = (name: string) => fileURLToPath(new URL(`./pages/host/${name}.html`, import.meta.url));

/** The pages on user-content origins: `dist/host`, served below `/__cloche/host/`. */
export default defineConfig({
  base: '/__cloche/host/',
  root: 'pages/host',
  publicDir: false,
  resolve: { alias: aliases },
  worker: { format: 'es' },
  build: {
    outDir: '../../dist/host',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: { host: page('host'), app: page('app'), bridge: page('bridge'), sw: fileURLToPath(new URL('./src/host/sw/sw.ts', import.meta.url)) },
      // The service worker has a fixed address; its contents are never cached for long.
      output: { entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
  },
});
