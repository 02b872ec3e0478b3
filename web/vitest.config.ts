import { defineConfig } from 'vitest/config';
import { aliases, inlined } from './vite.shared';

export default defineConfig({
  resolve: { alias: aliases },
  assetsInclude: inlined,
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'test/**/*.test.ts'],
    restoreMocks: true,
  },
});
