import { expect, test } from '@playwright/test';
import { api, newWorkspace } from '../support/api';
import { Ide } from '../support/ide';
import { Server } from '../support/server';
import { signIn } from '../support/session';

test('the panel searches, installs, uses and removes a package of the shelf', async ({ context }) => {
  await signIn(context);
  const page = await context.newPage();
  const ide = await Ide.open(page, await newWorkspace('packages', 'plot'));
  await page.getByRole('button', { name: 'Packages', exact: true }).click();
  const installed = page.getByRole('list', { name: 'Installed packages' });
  await expect(installed.getByText('numpy', { exact: true })).toBeVisible();

  await page.getByRole('searchbox', { name: 'Search packages' }).fill('flask');
  await page.getByRole('button', { name: 'Install flask', exact: false }).first().click();
  await expect(page.getByRole('list', { name: 'Packages found' }).getByText('Installed')).toBeVisible();
  await expect(ide.status).toContainText('Ready');

  await page.getByRole('searchbox', { name: 'Search packages' }).fill('');
  await expect(installed.getByText(/^flask$/i)).toBeVisible();
  await installed.getByText(/^flask$/i).hover();
  await page.getByRole('button', { name: /^Remove flask$/i }).click();
  await expect(installed.getByText(/^flask$/i)).toHaveCount(0);
});

test('without any index the shelf still installs, and what it lacks is refused with a reason', async () => {
  const server = await Server.fresh({ CLOCHE_PACKAGES_INDEX: 'none' });
  try {
    const call = { port: server.port, token: await server.token() };
    const id = (await api('/api/workspaces', { ...call, method: 'POST', json: { name: 'offline', type: 'PYODIDE' } })).json.workspace.id as string;
    const fine = await api(`/api/workspaces/${id}/packages`, { ...call, method: 'POST', json: { install: ['pandas', 'fastapi'] } });
    expect(fine.status).toBe(200);
    const names = (fine.json.lock.wheels as { name: string }[]).map((wheel) => wheel.name);
    expect(names).toEqual(expect.arrayContaining(['numpy', 'matplotlib', 'pandas', 'fastapi', 'pydantic-core']));

    const refused = await api(`/api/workspaces/${id}/packages`, { ...call, method: 'POST', json: { install: ['scikit-learn'] } });
    expect(refused.status).toBe(422);
    expect(refused.json.reasons[0]).toMatchObject({ package: 'scikit-learn', message: expect.any(String) });
    expect((await api(`/api/workspaces/${id}/packages`, call)).json.requirements).toEqual(['numpy', 'matplotlib', 'pandas', 'fastapi']);
  } finally {
    await server.remove();
  }
});
