import { expect, test } from '@playwright/test';
import { newWorkspace } from '../support/api';
import { Ide } from '../support/ide';
import { signIn } from '../support/session';

test.beforeEach(({ context }) => signIn(context));

test('the template hello asks, answers and counts', async ({ page }) => {
  const ide = await Ide.open(page, await newWorkspace('hello', 'hello'));
  await ide.openFile('main.py');
  await ide.run();
  await ide.expectTerminal('What is your name?');
  await ide.typeInTerminal('Ada\n');
  await ide.expectTerminal(/Hello, Ada![\s\S]*a {2}●●/);
});

test('the template plot draws', async ({ page }) => {
  const ide = await Ide.open(page, await newWorkspace('plot', 'plot'));
  await ide.openFile('main.py');
  await ide.run();
  await ide.expectDrawing();
});

test('the template with pandas prints a table and draws it', async ({ page }) => {
  const ide = await Ide.open(page, await newWorkspace('pandas', 'pandas-table'));
  await ide.openFile('main.py');
  await ide.run();
  await ide.expectDrawing();
});
