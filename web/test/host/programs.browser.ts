import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TestBrowser } from './browser';
import { HostServer } from './server';

let server: HostServer;
let browser: TestBrowser;
let page: Page;

beforeAll(async () => {
  server = await new HostServer().start();
  browser = await TestBrowser.start();
  page = await browser.ide(server);
  const booted = await page.evaluate(() => window.ide.boot({ files: [{ path: 'main.py', bytes: window.ide.bytes('print("hello")\n') }] }));
  console.log(JSON.stringify(booted));
  expect(booted.type).toBe('answer');
});

afterAll(async () => {
  await browser.stop();
  server.stop();
});

beforeEach(async () => {
  await page.evaluate(() => { window.ide.events.length = 0; });
});

/** Runs a program as `main.py` and answers its outcome and output. */
async function run(program: string, args: string[] = []): Promise<{ outcome: unknown; output: string }> {
  return page.evaluate(async ([source, rest]) => {
    await window.ide.write('main.py', source);
    const answer = await window.ide.run('main.py', rest);
    return { outcome: answer.type === 'answer' ? answer.answer : answer, output: window.ide.output() };
  }, [program, args] as const);
}

/** Starts a program, interrupts it once it has printed `ready`, and answers how long that took. */
async function interrupt(program: string): Promise<{ outcome: unknown; milliseconds: number }> {
  return page.evaluate(async (source) => {
    await window.ide.write('main.py', source);
    const ready = window.ide.next('output', 'ready');
    const answered = window.ide.run('main.py');
    await ready;
    await new Promise((resolve) => { setTimeout(resolve, 300); });
    const start = performance.now();
    window.ide.send({ type: 'interrupt' });
    const answer = await answered;
    return { outcome: answer.type === 'answer' ? answer.answer : answer, milliseconds: performance.now() - start };
  }, program);
}

describe('a program', () => {
  test('runs as the main module with its arguments, in the workspace', async () => {
    const { outcome, output } = await run('import sys, os\nprint(__name__, __file__, sys.argv[1:], os.getcwd(), sys.path[0])\n', ['a', 'ü']);

    expect(outcome).toMatchObject({ outcome: 'ok' });
    expect(output).toBe("__main__ /workspace/main.py ['a', 'ü'] /workspace /workspace\n");
  });

  test('keeps the order of output and errors', async () => {
    const { output } = await run('import sys\nfor i in range(3):\n  print("o", i)\n  print("e", i, file=sys.stderr)\n');

    expect(output).toBe('o 0\ne 0\no 1\ne 1\no 2\ne 2\n');
  });

  test('tells what went wrong without the engine’s frames', async () => {
    const { outcome } = await run('def f(x):\n    return 1 / x\n\nf(0)\n');

    expect(outcome).toMatchObject({
      outcome: 'error',
      error: { type: 'ZeroDivisionError', message: 'division by zero', place: { path: 'main.py', line: 2, column: 12 }, missingModule: null },
    });
    expect((outcome as { error: { traceback: string } }).error.traceback).toBe(
      'Traceback (most recent call last):\n  File "/workspace/main.py", line 4, in <module>\n    f(0)\n    ~^^^\n'
      + '  File "/workspace/main.py", line 2, in f\n    return 1 / x\n           ~~^~~\nZeroDivisionError: division by zero\n',
    );
  });

  test('names the module that is missing, and the place of a syntax error', async () => {
    expect((await run('import nonesuch.part\n')).outcome).toMatchObject({ error: { missingModule: 'nonesuch' } });
    expect((await run('x = 1\nif x\n')).outcome).toMatchObject({ error: { type: 'SyntaxError', place: { path: 'main.py', line: 2 } } });
  });

  test('ends with the code that it wants', async () => {
    expect((await run('import sys; sys.exit(3)')).outcome).toMatchObject({ outcome: 'exit', code: 3 });
    const { outcome, output } = await run('import atexit; atexit.register(print, "bye"); raise SystemExit("no")');
    expect(outcome).toMatchObject({ outcome: 'exit', code: 1 });
    expect(output).toBe('bye\nno\n');
  });

  test('sees an edited module at its second run', async () => {
    await page.evaluate(() => window.ide.write('part.py', 'value = 1\n'));
    expect((await run('import part; print(part.value)')).output).toBe('1\n');
    await page.evaluate(() => { window.ide.events.length = 0; return window.ide.write('part.py', 'value = 2\n'); });
    expect((await run('import part; print(part.value)')).output).toBe('2\n');
  });

  test('runs coroutines', async () => {
    const { output } = await run(
      'import asyncio\nasync def main():\n  async with asyncio.TaskGroup() as group:\n    a = group.create_task(asyncio.sleep(0.02, "a"))\n'
      + '    b = group.create_task(asyncio.to_thread(str, 5))\n  print(a.result(), b.result())\nasyncio.run(main())\n',
    );
    expect(output).toBe('a 5\n');
  });

  test('runs what it gives to a thread on the spot, where asyncio.run works', async () => {
    const { output } = await run(
      'import asyncio\ndef inner():\n  return asyncio.run(asyncio.sleep(0.01, "inner"))\nasync def main():\n  before = asyncio.current_task()\n'
      + '  print(await asyncio.to_thread(inner), await asyncio.get_running_loop().run_in_executor(None, inner), asyncio.current_task() is before)\n'
      + '  try:\n    await asyncio.to_thread(int, "x")\n  except ValueError as error:\n    print(error)\nasyncio.run(main())\n',
    );
    expect(output).toBe("inner inner True\ninvalid literal for int() with base 10: 'x'\n");
  });
});

describe('stop', () => {
  const cases = {
    'a busy loop': 'print("ready", flush=True)\nwhile True: pass\n',
    'time.sleep': 'import time\nprint("ready", flush=True)\ntime.sleep(30)\n',
    'asyncio.sleep': 'import asyncio\nprint("ready", flush=True)\nasyncio.run(asyncio.sleep(30))\n',
    'a pending promise': 'import js\nprint("ready", flush=True)\nawait js.Promise.new(lambda *_: None)\n',
    'run_sync of a pending promise': 'import asyncio, js\nfrom pyodide.ffi import run_sync\nasync def main():\n  run_sync(js.Promise.new(lambda *_: None))\nprint("ready", flush=True)\nasyncio.run(main())\n',
    'asyncio.run at the top of a file that awaits': 'import asyncio, js\nawait asyncio.sleep(0)\nprint("ready", flush=True)\nasyncio.run(asyncio.sleep(30))\n',
    'input()': 'print("ready", flush=True)\ninput("? ")\n',
    'sys.stdin': 'import sys\nprint("ready", flush=True)\nsys.stdin.readline()\n',
    'a flood of output': 'print("ready", flush=True)\nwhile True: print(1)\n',
  };
  for (const [name, program] of Object.entries(cases)) {
    test(`ends ${name} in under 100 ms`, async () => {
      // The limit is the engine's; a machine that is busy elsewhere may miss it now and then, an engine that is too slow always does.
      let fastest = Infinity;
      for (let attempt = 0; attempt < 20 && fastest >= 100; attempt++) {
        const { outcome, milliseconds } = await interrupt(program);
        expect(outcome).toMatchObject({ outcome: 'interrupted' });
        fastest = Math.min(fastest, milliseconds);
      }
      console.log(`stop of ${name}: ${fastest.toFixed(1)} ms`);

      expect(fastest).toBeLessThan(100);
    });
  }

  test('does not reach a run that starts later', async () => {
    await page.evaluate(() => { window.ide.send({ type: 'interrupt' }); });
    expect((await run('import time\nfor i in range(200000): pass\ntime.sleep(0.05)\nprint("done")')).output).toBe('done\n');
  });

  test('can be caught by the program', async () => {
    const { outcome } = await interrupt('print("ready")\ntry:\n  while True: pass\nexcept KeyboardInterrupt:\n  pass\n');
    expect(outcome).toMatchObject({ outcome: 'ok' });
  });
});

describe('input', () => {
  test('asks with the prompt and takes UTF-8, passwords and the end of the input', async () => {
    const result = await page.evaluate(async () => {
      await window.ide.write('main.py', 'import sys, getpass\nname = input("name? ")\nsecret = getpass.getpass()\nprint(name, len(name), secret)\n'
        + 'print(list(sys.stdin.readline()))\ntry:\n  input()\nexcept EOFError as e:\n  print("end", e)\n');
      const asked: unknown[] = [];
      const first = window.ide.next('input');
      const answered = window.ide.run('main.py');
      asked.push(await first);
      for (const text of ['Zoë 🌱\n', 'geheim\n', 'x\n', null]) {
        const next = window.ide.next('input');
        window.ide.send({ type: 'stdin', text });
        if (text !== null) {
          asked.push(await next);
        }
      }
      const answer = await answered;
      return { asked, output: window.ide.output(), answer };
    });
    expect(result.answer).toMatchObject({ answer: { outcome: 'ok' } });
    expect(result.asked).toMatchObject([{ prompt: 'name? ', password: false }, { prompt: 'Password: ', password: true }, { prompt: '' }, { prompt: '' }]);
    expect(result.output).toBe("Zoë 🌱 5 geheim\n['x', '\\n']\nend EOF when reading a line\n");
  });
});

test('a flood is slowed down, not lost', async () => {
  const { outcome, output } = await run('for i in range(100000): print(i)\n');

  expect(outcome).toMatchObject({ outcome: 'ok' });
  expect(output).toBe(Array.from({ length: 100_000 }, (_, index) => `${index}\n`).join(''));
});
