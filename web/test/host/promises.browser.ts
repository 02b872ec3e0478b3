// Promises of JavaScript in Python programs: Python is suspended while they settle.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TestBrowser } from './browser';
import { HostServer } from './server';

const LOCK = '/__cloche/engine/pyodide/314.0.7/pyodide-lock.json';

let server: HostServer;
let browser: TestBrowser;
let page: Page;

beforeAll(async () => {
  server = await new HostServer().start();
  browser = await TestBrowser.start();
  page = await browser.ide(server);
  expect((await page.evaluate(() => window.ide.boot())).type).toBe('answer');
});

afterAll(async () => {
  await browser.stop();
  server.stop();
});

beforeEach(async () => {
  await page.evaluate(() => { window.ide.events.length = 0; });
});

type Result = { outcome: unknown; output: string };

async function run(program: string, where = page): Promise<Result> {
  return where.evaluate(async (source) => {
    await window.ide.write('main.py', source);
    const answer = await window.ide.run('main.py');
    return { outcome: answer.type === 'answer' ? answer.answer : answer, output: window.ide.output() };
  }, program);
}

async function prompt(code: string): Promise<Result> {
  return page.evaluate(async (source) => {
    window.ide.events.length = 0;
    const answer = await window.ide.repl(source);
    return { outcome: answer.type === 'answer' ? answer.answer : answer, output: window.ide.output() };
  }, code);
}

describe('a program', () => {
  test('awaits what it fetches from its own origin, and keeps it in a file', async () => {
    await run(`import asyncio, json, js
from pyodide.http import pyfetch

async def main():
    answer = await js.fetch("${LOCK}")
    text = await answer.text()
    with open("lock.json", "w") as file:
        file.write(text)
    again = await pyfetch("${LOCK}")
    print(answer.status, json.loads(text) == await again.json())
    print((await js.Response.new(open("lock.json").read()).json()).info.python)
    first, second = await asyncio.gather(js.fetch("${LOCK}"), pyfetch("/__cloche/nothing"))
    print(first.status, second.status)

asyncio.run(main())
`).then(({ outcome, output }) => {
      expect(output).toBe('200 True\n3.14.2\n200 404\n');
      expect(outcome).toMatchObject({ outcome: 'ok' });
    });
  });

  test('awaits at the top of its file', async () => {
    const { output } = await run(`import js, asyncio
answer = await js.fetch("${LOCK}")
print(answer.ok, await asyncio.sleep(0.01, "slept"))
async with asyncio.timeout(5):
    print([n async for n in (await js.Promise.resolve(i) for i in range(3))])
`);

    expect(output).toBe('True slept\n[0, 1, 2]\n');
  });

  test('shows only its own lines when that fails', async () => {
    const { outcome } = await run('import js\nawait js.Promise.resolve(1)\nawait js.Promise.reject(js.Error.new("no luck"))\n');

    expect(outcome).toMatchObject({ outcome: 'error', error: { place: { path: 'main.py', line: 3 } } });
    expect((outcome as { error: { traceback: string } }).error.traceback).toMatch(
      /^Traceback \(most recent call last\):\n {2}File "\/workspace\/main\.py", line 3, in <module>\n.*\n( +[~^]+\n)?pyodide\.ffi\.JsException: Error: no luck\n$/,
    );
  });

  test('may make a promise before its loop, and wait for one without a coroutine', async () => {
    const { output } = await run(`import asyncio, js
from pyodide.ffi import run_sync
from pyodide.http import pyfetch

early = js.fetch("${LOCK}")

async def main():
    task = asyncio.create_task(asyncio.sleep(0.01, "task"))
    print((await early).status, run_sync(pyfetch("${LOCK}")).status, run_sync(task))

asyncio.run(main())
print(run_sync(js.fetch("${LOCK}")).status, (await early).status)
`);

    expect(output).toBe('200 200 task\n200 200\n');
  });

  test('is called by JavaScript while it waits, also when it never stops for long', async () => {
    const { output } = await run(`import asyncio, js
from pyodide.ffi import create_once_callable

async def main():
    loop = asyncio.get_running_loop()
    called = loop.create_future()
    js.setTimeout(create_once_callable(lambda: called.set_result("called")), 10)
    print(await called)
    done = asyncio.Event()
    js.setTimeout(create_once_callable(done.set), 10)
    turns = 0
    while not done.is_set():
        turns += 1
        await asyncio.sleep(0)
    print(turns > 1, await js.fetch("${LOCK}").then(lambda answer: answer.status))

asyncio.run(main())
`);

    expect(output).toBe('called\nTrue 200\n');
  });

  test('is told where JavaScript calls it and waits for it', async () => {
    const { output } = await run(`import asyncio, js
def each(*_):
    try:
        asyncio.run(never())
    except RuntimeError as error:
        print(error)
async def never():
    await js.Promise.new(lambda *_: None)
js.Array.of(1).forEach(each)
`);

    expect(output).toContain('inside a function that JavaScript itself called');
  });

  test('cleans up when it is stopped, and the next one starts afresh', async () => {
    const result = await page.evaluate(async () => {
      await window.ide.write('main.py', 'import js\nprint("ready", flush=True)\ntry:\n  await js.Promise.new(lambda *_: None)\nfinally:\n'
        + '  print(await js.Promise.resolve("cleaned up"))\n');
      const ready = window.ide.next('output', 'ready');
      const answered = window.ide.run('main.py');
      await ready;
      window.ide.send({ type: 'interrupt' });
      return { answer: await answered, output: window.ide.output() };
    });
    expect(result.answer).toMatchObject({ answer: { outcome: 'interrupted' } });
    expect(result.output).toBe('ready\ncleaned up\n');

    expect((await run('import asyncio\ntry:\n  asyncio.get_running_loop()\nexcept RuntimeError:\n  print("no loop")\nprint(asyncio.run(asyncio.sleep(0.01, "fresh")))\n')).output)
      .toContain('no loop\nfresh\n');
  });

  test('cannot reach another host', async () => {
    const { outcome } = await run('from pyodide.http import pyfetch\nawait pyfetch("http://elsewhere.invalid/")\n');

    expect(outcome).toMatchObject({ outcome: 'error', error: { message: expect.stringContaining('Failed to fetch') as unknown } });
  });
});

describe('the console', () => {
  test('awaits promises, also one of an earlier line', async () => {
    expect((await prompt(`import js; p = js.fetch("${LOCK}")`)).output).toBe('');
    expect((await prompt('(await p).status')).output).toBe('200\n');
    expect((await prompt('(await (await js.fetch("/__cloche/nothing")).text())')).output).toBe("'not found'\n");
  });

  test('can be stopped while it awaits, and forgets what it awaited', async () => {
    const result = await page.evaluate(async () => {
      const status = window.ide.next('status', 'running');
      const answered = window.ide.repl('await js.Promise.new(lambda *_: None)');
      await status;
      window.ide.send({ type: 'interrupt' });
      return answered;
    });
    expect(result).toMatchObject({ answer: { outcome: 'interrupted' } });
    expect((await prompt('len(__import__("asyncio").all_tasks())')).output).toBe('');
    expect((await prompt('import asyncio; [t for t in asyncio.all_tasks() if t is not asyncio.current_task()] if await asyncio.sleep(0, True) else None')).output).toBe('[]\n');
  });
});

test('a preview answers when the program that waits is over', async () => {
  await page.evaluate(async () => {
    await window.ide.write('app.py', 'def app(environ, start_response):\n  print("asked", environ["PATH_INFO"], flush=True)\n'
      + '  start_response("200 OK", [("Content-Type", "text/html")])\n  return [b"<p id=hello>hello"]\n');
    await window.ide.write('main.py', 'import asyncio\nprint("ready", flush=True)\nawait asyncio.sleep(0.2)\nprint("over", flush=True)\n');
    await window.ide.preview(8000, { kind: 'wsgi', entry: 'app:app' });
  });
  const pane = await (await page.waitForSelector('#pane')).contentFrame();
  await pane?.waitForSelector('#hello');
  await page.evaluate(async () => {
    window.ide.events.length = 0;
    const ready = window.ide.next('output', 'ready');
    void window.ide.run('main.py');
    await ready;
  });

  expect(await pane?.evaluate(async () => (await fetch('/again')).text())).toBe('<p id=hello>hello');
  await page.waitForFunction(() => window.ide.output().includes('/again'));
  expect(await page.evaluate(() => window.ide.output())).toBe('ready\nover\nasked /again\n');
});

test('an engine that starts plainly suspends too', async () => {
  const other = await browser.ide(server);
  expect(await other.evaluate(() => window.ide.boot({ snapshot: 'off', takeOver: true }))).toMatchObject({ type: 'answer', answer: { boot: 'plain' } });
  expect((await run(`import js\nprint((await js.fetch("${LOCK}")).status)\n`, other)).output).toBe('200\n');
  await other.close();
});

test('a browser that cannot suspend Python says so', async () => {
  const other = await new HostServer().start();
  other.workerPrelude = 'delete WebAssembly.Suspending';
  try {
    const older = await browser.ide(other);
    expect((await older.evaluate(() => window.ide.boot())).type).toBe('answer');
    const { outcome, output } = await run(`import js\nprint(await __import__("asyncio").sleep(0.01, "slept"))\nawait js.fetch("${LOCK}")\n`, older);

    expect(output).toBe('slept\n');
    expect(outcome).toMatchObject({ outcome: 'error', error: { type: 'RuntimeError', message: expect.stringContaining('this browser cannot suspend Python') as unknown } });
  } finally {
    other.stop();
  }
});
