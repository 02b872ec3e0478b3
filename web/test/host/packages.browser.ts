// Packages, pictures, files and the life of the engine, with wheels of the shelf.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestBrowser } from './browser';
import { HostServer, type WheelFile } from './server';

const PLOT = ['numpy', 'matplotlib', 'pillow', 'kiwisolver', 'contourpy', 'cycler', 'fonttools', 'packaging', 'pyparsing', 'python-dateutil'];

let server: HostServer;
let browser: TestBrowser;
let page: Page;

beforeAll(async () => {
  server = await new HostServer().start();
  browser = await TestBrowser.start();
  page = await browser.ide(server);
});

afterAll(async () => {
  await browser.stop();
  server.stop();
});

async function reboot(options: object = {}): Promise<unknown> {
  return page.evaluate(async (given) => {
    window.ide.send({ type: 'terminate' });
    window.ide.events.length = 0;
    return window.ide.boot(given);
  }, options);
}

describe('plots', () => {
  for (const snapshot of ['auto', 'off'] as const) {
    test(`come as pictures (snapshot ${snapshot})`, async () => {
      const wheels = server.wheels(...PLOT);
      const booted = await reboot({ wheels, snapshot });
      console.log(JSON.stringify(booted));
      const result = await page.evaluate(async () => {
        await window.ide.write('plot.py', 'import matplotlib.pyplot as plt, numpy as np\nprint(plt.get_backend())\nplt.plot(np.sin(np.arange(9)))\nplt.show()\nprint("between")\n'
          + 'fig, ax = plt.subplots(figsize=(3, 2)); ax.set_title("second"); fig.set_label("named")\n');
        const answer = await window.ide.run('plot.py');
        return { answer, events: window.ide.events.filter(({ type }) => type === 'output' || type === 'display') };
      });
      expect(result.answer, JSON.stringify(result.answer)).toMatchObject({ answer: { outcome: 'ok' } });
      const order = result.events.map((event) => (event.type === 'output' ? event.text : event.type === 'display' ? event.display.title : ''));
      expect(order).toEqual(['module://_cloche.plots_backend\n', 'Figure 1', 'between\n', 'named']);
      expect(result.events[1]).toMatchObject({ display: { mime: 'image/png', width: 1280, height: 960 } });
      expect(result.events[3]).toMatchObject({ display: { width: 600, height: 400 } });
    });
  }

  test('and tables of the console are shown', async () => {
    const wheels = server.wheels(...PLOT, 'pandas', 'tzdata');
    console.log(JSON.stringify(await reboot({ wheels })));
    const shown = await page.evaluate(async () => {
      await window.ide.repl('import pandas as pd');
      await window.ide.repl('pd.DataFrame({"a": [1, 2]})');
      await window.ide.code('from PIL import Image\nImage.new("RGB", (5, 7))');
      return window.ide.events.filter((event) => event.type === 'display');
    });
    expect(shown).toMatchObject([{ display: { mime: 'text/html', title: 'DataFrame' } }, { display: { mime: 'image/png', width: 5, height: 7 } }]);
  });
});

describe('anyio', () => {
  test('runs on the spot what it would give to a thread, with tokens, context and cancellation as ever', async () => {
    const wheels = server.wheels('anyio', 'idna', 'typing-extensions');
    await reboot({ wheels });
    const output = await page.evaluate(async () => {
      window.ide.events.length = 0;
      await window.ide.write('main.py', `
import anyio, anyio.to_thread, asyncio, contextvars
number = contextvars.ContextVar("number", default=0)
def work(): seen = number.get(); number.set(9); return seen, asyncio.run(asyncio.sleep(0, "inner"))
async def main():
    number.set(1)
    limiter = anyio.CapacityLimiter(1)
    print(await anyio.to_thread.run_sync(work, limiter=limiter), number.get(), limiter.borrowed_tokens)
    await anyio.Path("note.txt").write_text("a note")
    print(await anyio.Path("note.txt").read_text())
    with anyio.CancelScope() as scope:
        scope.cancel()
        await anyio.to_thread.run_sync(print, "not reached")
    print(scope.cancelled_caught)
anyio.run(main)
`);
      await window.ide.run('main.py');
      return window.ide.output();
    });
    expect(output).toBe("(1, 'inner') 1 0\na note\nTrue\n");
  });
});

describe('a wheel', () => {
  test('that is not what the lock names is refused', async () => {
    const wheels = server.wheels('blinker');
    await reboot();
    server.log.length = 0;
    const wrong = wheels[0] as WheelFile;
    server.swap(wrong, 'cycler');
    const refused = await page.evaluate((wheel) => window.ide.request({ type: 'install', wheels: [wheel] }), wrong);
    expect(refused).toMatchObject({ type: 'refused', reason: 'failed' });
    expect(JSON.stringify(refused)).toContain('blinker-');
    expect(server.log.filter((line) => line.includes('/wheels/'))).toHaveLength(2);
    expect(await page.evaluate(() => window.ide.code('import blinker'))).toMatchObject({ answer: { outcome: 'error', error: { missingModule: 'blinker' } } });
  });

  test('can be installed while the engine runs', async () => {
    const wheels = server.wheels('numpy', 'cycler');
    await reboot({ snapshot: 'off' });
    await page.evaluate(() => window.ide.code('try:\n  import numpy\nexcept ImportError: pass'));
    expect(await page.evaluate((list) => window.ide.request({ type: 'install', wheels: list }), wheels)).toMatchObject({ type: 'answer' });
    const output = await page.evaluate(async () => {
      window.ide.events.length = 0;
      await window.ide.code('import numpy, cycler\nfloat(numpy.linalg.det(numpy.eye(3) * 2))');
      return window.ide.output();
    });
    expect(Number(output)).toBeCloseTo(8);
    // Once more, as for another version: the files before are gone, one distribution is left.
    expect(await page.evaluate((list) => window.ide.request({ type: 'install', wheels: list }), wheels.slice(1))).toMatchObject({ type: 'answer' });
    expect(await page.evaluate(async () => {
      window.ide.events.length = 0;
      await window.ide.code('import importlib.metadata as m\nsum(d.name == "cycler" for d in m.distributions())');
      return window.ide.output();
    })).toBe('1\n');
  });
});
