import { expect, type Locator, type Page } from '@playwright/test';
import { api } from './api';
import { sharedServer } from './server';

/** The IDE on one workspace, as a person sees it. */
export class Ide {
  constructor(readonly page: Page) {}

  static async open(page: Page, workspace: string, origin = sharedServer().url): Promise<Ide> {
    await page.goto(`${origin}/workspace/pyodide/${workspace}`);
    const ide = new Ide(page);
    await ide.ready();
    return ide;
  }

  /** Waits until the files are shown and the engine is ready. */
  async ready(): Promise<void> {
    await expect(this.page.getByRole('treeitem').first()).toBeVisible();
    await expect(this.status).toContainText('Ready', { timeout: 120_000 });
  }

  get status(): Locator {
    return this.page.getByRole('contentinfo', { name: 'Status' });
  }

  /** The editor that shows a file. */
  editor(path: string): Locator {
    return this.page.locator(`.monaco-editor[data-uri="file:///workspace/${path}"]`);
  }

  /** The lines of the editor that shows a file; only those in view. */
  text(path: string): Locator {
    return this.editor(path).locator('.view-lines');
  }

  treeItem(name: string | RegExp): Locator {
    return this.page.getByRole('tree', { name: 'Files' }).getByRole('treeitem', { name, exact: true });
  }

  /** Opens a file whose name is shown in the tree, and waits until it is the one in the editor. */
  async openFile(path: string): Promise<void> {
    await this.treeItem(path.slice(path.lastIndexOf('/') + 1)).dblclick();
    await expect(this.editor(path).locator('.view-line').first()).toBeVisible();
    await expect(this.editor(path)).toHaveClass(/\bfocused\b/);
  }

  async focusEditor(path: string): Promise<void> {
    await this.editor(path).locator('textarea.inputarea, .native-edit-context').focus();
    await expect(this.editor(path)).toHaveClass(/\bfocused\b/);
  }

  /** Replaces the text of a file that is in the editor. */
  async type(path: string, text: string): Promise<void> {
    await this.focusEditor(path);
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.insertText(text);
  }

  async run(): Promise<void> {
    await this.page.getByRole('button', { name: 'Run', exact: true }).click();
  }

  /** Chooses a command of the palette by a part of its title. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    const palette = this.page.getByRole('dialog', { name: 'Commands' });
    // what is typed before the palette has the focus would go to whatever had it
    await expect(palette.getByRole('combobox')).toBeFocused();
    await palette.getByRole('combobox').fill(`>${title}`);
    await palette.getByRole('option', { name: title }).click();
    await expect(palette).toHaveCount(0);
  }

  /** Waits until the server has a file with just this text. "Saved" on the screen may still mean the text before. */
  async savedAs(workspace: string, path: string, text: string): Promise<void> {
    await expect.poll(async () => (await api(`/api/workspaces/${workspace}/files/${path}`)).text).toBe(text);
  }

  async typeInTerminal(text: string): Promise<void> {
    await this.page.getByRole('tab', { name: 'Terminal' }).click();
    await this.page.locator('.xterm:visible').click();
    await this.page.keyboard.type(text);
  }

  /** The rows of the visible terminal. */
  async terminalText(): Promise<string> {
    return this.page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('.xterm-rows')]
        .filter((rows) => rows.offsetParent !== null)
        .flatMap((rows) => [...rows.children].map((row) => row.textContent?.replaceAll('\u00a0', ' ').trimEnd() ?? ''))
        .join('\n'),
    );
  }

  /** Waits for a text in the terminal; a plot that is shown meanwhile does not hide it for long. */
  async expectTerminal(text: string | RegExp, timeout = 120_000): Promise<void> {
    const pattern = typeof text === 'string' ? new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')) : text;
    const look = async () => {
      await this.page.getByRole('tab', { name: 'Terminal' }).click();
      return this.terminalText();
    };
    await expect.poll(look, { timeout }).toMatch(pattern);
  }

  get picture(): Locator {
    return this.page.getByRole('tabpanel').getByRole('img').last();
  }

  /** Whether the shown picture has been drawn: not one colour only. */
  async expectDrawing(): Promise<void> {
    await this.page.getByRole('tab', { name: 'Plots' }).click();
    await expect(this.page.getByRole('list', { name: 'Plots' }).getByRole('button').first()).toBeVisible({ timeout: 120_000 });
    await expect.poll(() => this.coloursOfDrawing()).toBeGreaterThan(20);
  }

  private coloursOfDrawing(): Promise<number> {
    return this.page.evaluate(async () => {
      const image = [...document.querySelectorAll<HTMLImageElement>('[role=tabpanel] img')].at(-1);
      if (!image?.complete || image.naturalWidth === 0) return 0;
      await image.decode();
      const canvas = new OffscreenCanvas(200, 150);
      const context = canvas.getContext('2d');
      if (!context) return 0;
      context.drawImage(image, 0, 0, 200, 150);
      return new Set(new Uint32Array(context.getImageData(0, 0, 200, 150).data.buffer)).size;
    });
  }
}
