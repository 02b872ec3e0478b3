import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { aliases } from './vite.shared';

/** The control plane's screens: `dist/ide`, served at `/` with `index.html` for every screen. */
export default defineConfig({
  base: '/',
  root: 'pages/ide',
  publicDir: '../../public',
  plugins: [react(), tailwindcss()],
  resolve: { alias: aliases },
  worker: { format: 'es' },
  build: { outDir: '../../dist/ide', emptyOutDir: true, target: 'es2023', modulePreload: { polyfill: false }, chunkSizeWarningLimit: 20000, reportCompressedSize: false },
});
