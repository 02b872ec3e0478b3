// Chromium for the tests of the engine host.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import type { HostServer } from './server';

export class TestBrowser {
  private constructor(readonly context: BrowserContext, private readonly profile: string) {}

  static async start(): Promise<TestBrowser> {
    const profile = mkdtempSync(join(tmpdir(), 'cloche-host-test-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      headless: true,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
    context.setDefaultTimeout(120_000);
    return new TestBrowser(context, profile);
  }

  async stop(): Promise<void> {
    await this.context.close();
    rmSync(this.profile, { recursive: true, force: true });
  }

  /** A page that plays the IDE, connected to its engine host. */
  async ide(server: HostServer): Promise<Page> {
    const page = await this.context.newPage();
    page.on('pageerror', (error) => { console.error('page error', error.message); });
    page.on('console', (message) => {
      if (message.type() === 'error') {
        console.error('console', message.text());
      }
    });
    await page.goto(`${server.origin('')}/`);
    await page.evaluate(() => window.ide.connected);
    return page;
  }
}
