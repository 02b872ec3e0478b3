import { defineConfig } from 'vitest/config';
import { aliases } from './vite.shared';

export default defineConfig({
  resolve: { alias: aliases },
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'test/**/*.test.ts'],
    restoreMocks: true,
  },
});
