import { defineConfig } from 'vitest/config';

/** Tests of the engine host in a real browser; they need `npm run build:host` first. */
export default defineConfig({
  test: { include: ['test/host/**/*.browser.ts'], testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false },
});
