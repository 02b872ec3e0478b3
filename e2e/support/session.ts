import type { BrowserContext } from '@playwright/test';
import { api } from './api';
import { sharedServer } from './server';

/** Signs the owner in, by a one-time link, in a new browser context. */
export async function signIn(context: BrowserContext): Promise<void> {
  await signInBy(context, await oneTimeLink());
}

/** A link by which the owner signs in, once. */
export async function oneTimeLink(): Promise<string> {
  const me = (await api('/api/session')).json.person.id as string;
  return ((await api(`/api/people/${me}/link`, { method: 'POST' })).json as { link: string }).link;
}

/** Makes an account and signs it in, in a new browser context. */
export async function signInAsNew(context: BrowserContext, name: string): Promise<void> {
  const answer = await api('/api/people', { method: 'POST', json: { name, displayName: name } });
  if (answer.status !== 201) throw new Error(answer.text);
  await signInBy(context, answer.json.link as string);
}

async function signInBy(context: BrowserContext, link: string): Promise<void> {
  const page = await context.newPage();
  await page.goto(link);
  await page.waitForURL(`${sharedServer().url}/`);
  await page.close();
}
