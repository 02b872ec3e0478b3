import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { api, putFile, unique } from '../support/api';
import { Ide } from '../support/ide';
import { sharedServer } from '../support/server';
import { signIn } from '../support/session';

/** A new workspace of a template, made on the dashboard. */
async function fromTemplate(context: BrowserContext, template: string, name: string): Promise<Ide> {
  await signIn(context);
  const page = await context.newPage();
  await page.goto(sharedServer().url);
  await page.getByRole('button', { name: 'New workspace' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New workspace' });
  await dialog.getByRole('radio', { name: template }).check({ force: true });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: 'Create workspace' }).click();
  const ide = new Ide(page);
  await ide.ready();
  await ide.openFile('main.py');
  return ide;
}

/** The two buttons, with the names that they suggest. Returns the app's address. */
async function publishBoth({ page }: Ide, name: string): Promise<string> {
  await page.getByRole('button', { name: 'Publish database' }).click();
  const database = page.getByRole('dialog', { name: 'Publish database' });
  await expect(database.getByLabel('Name of the database')).toHaveValue(name);
  await database.getByRole('button', { name: 'Publish', exact: true }).click();
  // the very first module of a server waits for the interpreter, which may have to be compiled first
  await expect(database.getByRole('status')).toContainText('is made', { timeout: 300_000 });
  await database.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page.getByRole('button', { name: 'Publish now' }).click();
  const link = page.getByRole('link', { name: 'Open app' }).first();
  await expect(link).toHaveAttribute('href', sharedServer().appUrl(name));
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
  return sharedServer().appUrl(name);
}

/** Changes a file that is in front; done when the editor shows it. */
async function change(ide: Ide, workspace: string, path: string, before: string, after: string): Promise<void> {
  const { text } = await api(`/api/workspaces/${workspace}/files/${path}`);
  expect(text).toContain(before);
  await putFile(workspace, path, text.replace(before, after));
  await ide.page.keyboard.press('ControlOrMeta+f');
  const find = ide.page.getByRole('textbox', { name: 'Find', exact: true });
  await find.fill(after);
  // what comes after it was typed is counted, but only gone to when it is asked for
  await expect(async () => {
    await find.press('Enter');
    await expect(ide.text(path)).toContainText(after, { timeout: 1000 });
  }).toPass();
  await ide.page.keyboard.press('Escape');
}

async function visitor(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(address);
  await expect(page.getByRole('status')).toHaveText('Live');
  return page;
}

async function player(context: BrowserContext, address: string, name: string): Promise<Page> {
  const page = await visitor(context, address);
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Join the game' }).click();
  await expect(page.locator('#actions')).toBeVisible();
  return page;
}

/** Lets a test cut the connections of a browser to databases, and keeps new ones from being made until they are mended. */
async function cuttable(context: BrowserContext): Promise<{ cut(): void; mend(): void }> {
  const lines = new Set<() => Promise<void>>();
  let isCut = false;
  await context.routeWebSocket(/\/subscribe\?/, (socket) => {
    if (isCut) {
      void socket.close({ code: 1001 });
      return;
    }
    const server = socket.connectToServer();
    lines.add(async () => {
      await server.close();
      await socket.close({ code: 1001 });
    });
  });
  return {
    cut() {
      isCut = true;
      for (const end of lines) void end();
    },
    mend() {
      isCut = false;
    },
  };
}

const other = (page: Page, name: string) => page.getByRole('list', { name: 'In the garden' }).getByRole('listitem').filter({ hasText: name });
const place = (page: Page, name: string) => page.getByRole('table', { name: 'Leader board' }).getByRole('row').filter({ hasText: name });

test('the live game is made of its template, published with two buttons and played by two browsers, before and after a change', async ({ context, browser }) => {
  const name = unique('garden');
  const ide = await fromTemplate(context, 'Live game', name);
  const address = await publishBoth(ide, name);
  const one = await browser.newContext();
  const two = await browser.newContext({ colorScheme: 'dark', viewport: { width: 390, height: 800 } });
  try {
    const ada = await player(one, address, 'Ada');
    const bob = await player(two, address, 'Bob');
    for (const [page, them] of [[ada, 'Bob'], [bob, 'Ada']] as const) {
      await expect(other(page, them)).toContainText('100 ♥');
      for (const who of ['Ada', 'Bob']) await expect(place(page, who)).toBeVisible();
    }

    // Ada walks up to Bob, and Bob sees her come
    await ada.getByRole('button', { name: 'Chase Bob' }).click();
    await expect(ada.getByRole('button', { name: 'Attack' })).toBeEnabled();
    await expect(other(bob, 'Ada')).toContainText(/100 ♥ ([0-9]|1[0-4]) steps/);
    await ada.getByRole('button', { name: 'Attack' }).click();
    await expect(other(ada, 'Bob')).toContainText('88 ♥');
    await expect(place(bob, 'Ada')).toContainText(/[1-9]\d|★/);
    await expect(bob.locator('#health')).toHaveAttribute('style', /width: 88%/);
    await bob.getByRole('button', { name: 'Drink' }).click();
    await expect(other(ada, 'Bob')).toContainText('100 ♥');
    await expect(ada.getByRole('list', { name: 'What happens' })).toContainText('Bob drank a potion');

    // the page hits harder and the rules allow it: both are published again while the two are there
    const page = ide.page;
    const id = page.url().split('/').at(-1) ?? '';
    await ide.treeItem('public').click();
    await ide.openFile('public/schema.ts');
    await change(ide, id, 'public/schema.ts', 'DAMAGE = 12', 'DAMAGE: number = 99');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByRole('button', { name: 'Publish new version' }).click();
    await expect(page.getByRole('dialog').getByRole('status')).toContainText('Published at');
    await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
    await ide.openFile('main.py');
    await expect(page.getByRole('button', { name: 'Publish database' })).toBeVisible();
    await change(ide, id, 'main.py', 'MOST_DAMAGE = 20', 'MOST_DAMAGE = 100');
    await page.getByRole('button', { name: 'Publish database' }).click();
    const dialog = page.getByRole('dialog', { name: 'Publish database' });
    await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
    await dialog.getByRole('button', { name: 'Publish this' }).click();
    await expect(dialog.getByRole('status')).toContainText('runs the new module');

    await ada.reload();
    await expect(ada.getByRole('status')).toHaveText('Live');
    await ada.getByRole('button', { name: 'Chase Bob' }).click();
    await expect(ada.getByRole('button', { name: 'Attack' })).toBeEnabled();
    await ada.getByRole('button', { name: 'Attack' }).click();
    await expect(other(ada, 'Bob')).toContainText('Bob1 ♥');
    // nobody attacks twice within a moment
    await expect(async () => {
      await ada.getByRole('button', { name: 'Attack' }).click({ timeout: 2000 });
      await expect(bob.getByRole('list', { name: 'What happens' })).toContainText('Ada sent Bob to sleep', { timeout: 2000 });
    }).toPass();
  } finally {
    await one.close();
    await two.close();
  }
});

test('the chat is made of its template; two browsers talk, and one that was cut off gets what it missed', async ({ context, browser }) => {
  const name = unique('talk');
  const address = await publishBoth(await fromTemplate(context, 'Chat', name), name);
  const one = await browser.newContext();
  const two = await browser.newContext();
  try {
    const ada = await visitor(one, address);
    await ada.getByLabel('Your name').fill('Ada');
    await ada.getByRole('button', { name: 'Change' }).click();
    const line = await cuttable(two);
    const bob = await visitor(two, address);
    await expect(bob.getByRole('list', { name: 'People' })).toContainText('Ada');
    const say = async (page: Page, text: string) => {
      await page.getByLabel('Message', { exact: true }).fill(text);
      await page.getByRole('button', { name: 'Send' }).click();
    };
    await say(ada, 'hello');
    await expect(bob.getByRole('log')).toContainText(/Ada.*hello/);
    await say(ada, '   ');
    await expect(ada.getByRole('alert')).toContainText('a message must not be blank');

    line.cut();
    await expect(bob.getByRole('status')).toContainText('Connection lost');
    await expect(bob.getByRole('log')).toContainText('hello');
    await say(ada, 'you missed this');
    await expect(ada.getByRole('log')).toContainText('you missed this');
    line.mend();
    await expect(bob.getByRole('log')).toContainText('you missed this');
    await say(bob, 'here I am');
    await expect(ada.getByRole('log')).toContainText(/Guest.*here I am/);
  } finally {
    await one.close();
    await two.close();
  }
});
