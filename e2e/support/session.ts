import type { BrowserContext } from '@playwright/test';
import { api } from './api';
import { sharedServer } from './server';

/** Signs the owner in, by a one-time link, in a new browser context. */
export async function signIn(context: BrowserContext): Promise<void> {
  const me = (await api('/api/session')).json.person.id as string;
  const { link } = (await api(`/api/people/${me}/link`, { method: 'POST' })).json as { link: string };
  const page = await context.newPage();
  await page.goto(link);
  await page.waitForURL(`${sharedServer().url}/`);
  await page.close();
}
