import { defineConfig } from 'vitest/config';

/** Tests of the engine host in a real browser; they need `npm run build:host` first. */
export default defineConfig({
  test: {
    include: ['test/host/**/*.browser.ts'],
    setupFiles: ['test/host/second-try.ts'],
    // Limits for what hangs, not for what is slow: with two busy cores an engine may take half a minute to start.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    retry: 1,
    fileParallelism: false,
  },
});
