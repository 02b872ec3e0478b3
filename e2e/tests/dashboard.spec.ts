import { expect, test } from '@playwright/test';
import { newWorkspace, unique } from '../support/api';
import { sharedServer } from '../support/server';
import { signIn, signInAsNew } from '../support/session';

test('a workspace is searched, renamed, deleted, undone and restored', async ({ context, page }) => {
  await signIn(context);
  const herd = unique('zebra');
  const [crossing, stripes, renamed] = [`${herd} crossing`, `${herd} stripes`, `${herd} renamed`];
  await newWorkspace(crossing);
  await newWorkspace(stripes);
  const link = (name: string) => page.getByRole('link', { name });
  await page.goto(sharedServer().url);
  await page.getByRole('searchbox', { name: 'Search workspaces' }).fill(herd);
  await expect(link(herd)).toHaveCount(2);

  await page.getByRole('button', { name: `Actions for ${crossing}` }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByLabel('Name', { exact: true }).fill(renamed);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(link(renamed)).toBeVisible();

  await page.getByRole('button', { name: `Actions for ${renamed}` }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(link(renamed)).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(link(renamed)).toBeVisible();

  await page.getByRole('button', { name: `Actions for ${stripes}` }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Show deleted workspaces' }).click();
  await page.getByRole('listitem').filter({ hasText: stripes }).getByRole('button', { name: 'Restore' }).click();
  await expect(link(stripes)).toBeVisible();
});

test('a password is set, and it signs in again; a wrong one does not', async ({ browser, context, page }) => {
  const name = unique('grace');
  await signInAsNew(context, name);
  await page.goto(`${sharedServer().url}/settings`);
  await page.getByLabel('New password').fill('a long enough password');
  await page.getByRole('button', { name: 'Set password' }).click();
  await expect(page.getByText('Your password is set.', { exact: false })).toBeVisible();

  const other = await browser.newContext();
  try {
    const fresh = await other.newPage();
    await fresh.goto(`${sharedServer().url}/settings`);
    await fresh.getByLabel('Name').fill(name);
    await fresh.getByLabel('Password').fill('not this one');
    await fresh.getByRole('button', { name: 'Sign in' }).click();
    await expect(fresh.getByRole('alert')).toBeVisible();
    await fresh.getByLabel('Password').fill('a long enough password');
    await fresh.getByRole('button', { name: 'Sign in' }).click();
    await expect(fresh.getByRole('heading', { name: 'Settings' })).toBeVisible();
  } finally {
    await other.close();
  }
});
