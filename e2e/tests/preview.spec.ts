import { expect, test } from '@playwright/test';
import { newWorkspace, putFile } from '../support/api';
import { Ide } from '../support/ide';
import { signIn } from '../support/session';

const APP = `from pathlib import Path

from flask import Flask

app = Flask(__name__)


@app.get("/")
def home():
    print("served by Python")
    return """<!doctype html><h1>%s</h1><img src="/nothing.png" alt="">
<script>const e = 1; console.log("from the page", {n: e}); setTimeout(() => { throw new Error("a broken page") })</script>""" % Path("title.txt").read_text()


@app.get("/fail")
def fail():
    raise ValueError("a broken app")
`;

test('a preview shows what app and pages say, and is loaded anew', async ({ page, context }) => {
  await signIn(context);
  const id = await newWorkspace('preview', 'flask-todo');
  await putFile(id, 'app.py', APP);
  await putFile(id, 'title.txt', 'One');
  const ide = await Ide.open(page, id);
  await ide.openFile('title.txt');
  await page.getByRole('tab', { name: 'Preview' }).click();
  await page.getByRole('button', { name: 'Start preview' }).click();
  const pane = page.frameLocator('iframe[title="Preview"]');
  await expect(pane.getByRole('heading', { name: 'One' })).toBeVisible({ timeout: 60_000 });

  await page.getByRole('button', { name: /^Console/ }).click();
  const messages = page.getByRole('log', { name: 'Messages' });
  await expect(messages.getByRole('listitem').filter({ hasText: 'from the page {n: 1}' })).toHaveAttribute('data-level', 'log');
  await expect(messages.getByRole('listitem').filter({ hasText: 'a broken page' })).toHaveAttribute('data-level', 'error');
  await expect(messages.getByRole('listitem').filter({ hasText: 'img could not be loaded: /nothing.png' })).toHaveAttribute('data-level', 'error');
  await expect(messages.getByRole('listitem').filter({ hasText: 'served by Python' })).toBeVisible();

  await page.getByRole('button', { name: 'Clear console' }).click();
  await expect(messages).toContainText('Nothing yet');
  await ide.type('title.txt', 'Two');
  await page.getByRole('button', { name: 'Reload preview' }).click();
  await expect(pane.getByRole('heading', { name: 'Two' })).toBeVisible();
  await expect(messages).toContainText('from the page');

  await pane.locator('body').evaluate(() => { location.href = '/fail'; });
  await expect(messages.getByRole('listitem').filter({ hasText: 'ValueError: a broken app' })).toHaveAttribute('data-level', 'error');
  await page.getByRole('button', { name: 'Stop preview' }).click();
  await expect(page.getByRole('button', { name: 'Start preview' })).toBeVisible();
});
