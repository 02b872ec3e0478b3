import { expect, test } from '@playwright/test';
import { newWorkspace } from '../support/api';
import { sharedServer } from '../support/server';
import { signIn } from '../support/session';

test.beforeEach(({ context }) => signIn(context));

test('a workspace is searched, renamed, deleted, undone and restored', async ({ page }) => {
  await newWorkspace('zebra crossing');
  await newWorkspace('zebra stripes');
  await page.goto(sharedServer().url);
  await page.getByRole('searchbox', { name: 'Search workspaces' }).fill('zebra');
  await expect(page.getByRole('link', { name: /zebra/ })).toHaveCount(2);

  await page.getByRole('button', { name: 'Actions for zebra crossing' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByLabel('Name', { exact: true }).fill('zebra herd');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('link', { name: 'zebra herd' })).toBeVisible();

  await page.getByRole('button', { name: 'Actions for zebra herd' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(page.getByRole('link', { name: 'zebra herd' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('link', { name: 'zebra herd' })).toBeVisible();

  await page.getByRole('button', { name: 'Actions for zebra stripes' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Show deleted workspaces' }).click();
  await page.getByRole('listitem').filter({ hasText: 'zebra stripes' }).getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByRole('link', { name: 'zebra stripes' })).toBeVisible();
});

test('a password is set, and it signs in again; a wrong one does not', async ({ browser, page }) => {
  await page.goto(`${sharedServer().url}/settings`);
  await page.getByLabel('New password').fill('a long enough password');
  const current = page.getByLabel('Current password');
  if (await current.isVisible()) await current.fill('a long enough password');
  await page.getByRole('button', { name: /Set password|Change password/ }).click();
  await expect(page.getByText('Your password is set.', { exact: false })).toBeVisible();

  const other = await browser.newContext();
  try {
    const fresh = await other.newPage();
    await fresh.goto(`${sharedServer().url}/settings`);
    await fresh.getByLabel('Name').fill('owner');
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
