import { expect, test } from '@playwright/test';
import { api } from '../support/api';
import { Ide } from '../support/ide';
import { Server } from '../support/server';

test('a new person sees a plot, finds it all again after a restart and a reload, without any foreign host', async ({ context }) => {
  const server = await Server.fresh();
  const foreign: string[] = [];
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && !hostname.endsWith('.localhost')) foreign.push(request.url());
  });
  try {
    const page = await context.newPage();
    await page.goto(server.signInUrl ?? '');
    await page.getByRole('button', { name: 'New workspace' }).first().click();
    await page.getByRole('dialog').getByText('Plot', { exact: true }).click();
    await expect(page.getByRole('radio', { name: 'Plot' })).toBeChecked();
    await page.getByRole('button', { name: 'Create workspace' }).click();
    const ide = new Ide(page);
    await ide.ready();
    await ide.run();
    await ide.expectDrawing();

    await ide.openFile('main.py');
    await ide.focusEditor('main.py');
    await page.keyboard.press('ControlOrMeta+End');
    await page.keyboard.insertText('\nprint("still", "here")\n');
    const address = page.url();
    const file = `/api/workspaces/${address.slice(address.lastIndexOf('/') + 1)}/files/main.py`;
    const call = { port: server.port, token: await server.token('read') };
    await expect.poll(async () => (await api(file, call)).text).toContain('"still", "here"');
    await page.close();
    await server.stop();
    await server.start();

    const again = await context.newPage();
    await again.goto(address);
    const reopened = new Ide(again);
    await reopened.ready();
    await reopened.openFile('main.py');
    await reopened.run();
    await reopened.expectTerminal('still here');
    await reopened.expectDrawing();
    expect(foreign).toEqual([]);
  } finally {
    await server.remove();
  }
});
