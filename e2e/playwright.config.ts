import { availableParallelism } from 'node:os';
import { defineConfig } from '@playwright/test';
import { CHROMIUM_ARGUMENTS, CHROMIUM_PATH } from './support/chromium';

/** Browser tests against the real server, with every foreign host refused. */
export default defineConfig({
  testDir: 'tests',
  outputDir: 'results/artifacts',
  // Limits for what hangs, not for what is slow: with two busy cores an engine may take half a minute to start.
  timeout: 600_000,
  expect: { timeout: 60_000 },
  // Two lanes, since one leaves a quarter to a half of two processors idle. Each has a server, data and ports of its own, and
  // takes one file after the other.
  workers: Math.min(2, availableParallelism()),
  fullyParallel: false,
  // A test that needs its second try counts as passed and is named in the summary of `cloche test`: it has a race to be mended.
  retries: 1,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: 'results/results.json' }]],
  globalSetup: './support/global-setup.ts',
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    launchOptions: { executablePath: CHROMIUM_PATH, args: CHROMIUM_ARGUMENTS },
    // without a film of the page, which costs every test up to a sixth of its work; there is a picture of how a failure ended
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
  },
});
