// Sessions that start from memory snapshots, in Chromium: what they share with a plain start, and what they must not
// share with each other. CLOCHE_TEST_WHEELS names folders of wheels, CLOCHE_TEST_SNAPSHOTS the snapshots made from them;
// without them, those of the build. Nothing is ever written there.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SnapshotManifest } from '../../src/host/engines/pyodide/snapshot-format';
import { EMPTY_LOCK_FILE } from '../../src/host/engines/pyodide/start';
import { TestBrowser } from './browser';
import { LoaderServer } from './loader-server';

const web = fileURLToPath(new URL('../../', import.meta.url));
const assets = join(web, '../build/assets');
const wheelFolders = (process.env['CLOCHE_TEST_WHEELS'] ?? join(assets, 'wheels')).split(':').filter((folder) => existsSync(folder));

interface Session {
  readonly boot: 'snapshot' | 'plain';
  readonly reason?: string;
  readonly heapBytes: number;
  readonly results: readonly unknown[];
}

interface Start {
  readonly snapshot?: SnapshotManifest;
  readonly baseUrl?: string;
  readonly environment?: Record<string, string>;
  readonly restoreTimeoutMs?: number;
  /** Python programs, run in turn; the value of each one's last expression comes back. */
  readonly programs: readonly string[];
  readonly wheels?: readonly string[];
  readonly interruptFirst?: boolean;
  /** Waits until nothing of the start goes on in the background. */
  readonly settle?: boolean;
}

describe.skipIf(wheelFolders.length === 0)('a session from a snapshot', () => {
  let work: string;
  let server: LoaderServer;
  let browser: TestBrowser;
  let page: Page;
  let snapshots: ReadonlyMap<string, SnapshotManifest>;

  beforeAll(async () => {
    work = mkdtempSync(join(tmpdir(), 'cloche-snapshot-test-'));
    const folder = process.env['CLOCHE_TEST_SNAPSHOTS'] ?? join(assets, 'engine/pyodide', EMPTY_LOCK_FILE.info.version, 'snapshots');
    const index = JSON.parse(readFileSync(join(folder, 'snapshots.json'), 'utf8')) as { snapshots: SnapshotManifest[] };
    snapshots = new Map(index.snapshots.map((snapshot) => [snapshot.name, snapshot]));
    server = await LoaderServer.start({ work, snapshots: folder, wheels: wheelFolders });
    browser = await TestBrowser.start();
    page = await browser.context.newPage();
    await page.goto(`${server.origin}/index.html`);
  }, 300_000);

  afterAll(async () => {
    await browser.stop();
    server.stop();
    rmSync(work, { recursive: true, force: true });
  });

  const snapshot = (name: string): SnapshotManifest => {
    const found = snapshots.get(name);
    if (found === undefined) {
      throw new Error(`no snapshot ${name}`);
    }
    return found;
  };

  /** One worker from start to end. */
  const session = (start: Start): Promise<Session> => page.evaluate((message) => new Promise<Session>((resolve, reject) => {
    const worker = new Worker('/session.js', { type: 'module' });
    worker.onerror = (event) => { reject(new Error(event.message)); };
    worker.onmessage = ({ data }: MessageEvent<Session & { failed?: string }>) => {
      worker.terminate();
      if (data.failed === undefined) {
        resolve(data);
      } else {
        reject(new Error(data.failed));
      }
    };
    worker.postMessage(message);
  }), start);

  const restored = async (start: Start): Promise<readonly unknown[]> => {
    const { boot, reason, results } = await session(start);
    expect({ boot, reason }).toEqual({ boot: 'snapshot', reason: undefined });
    return results;
  };

  it('draws other random numbers than any other session, from every source', async () => {
    const program = `
import os, random, secrets, tempfile, uuid
import numpy as np
[random.random(), os.urandom(8).hex(), secrets.token_hex(8), str(uuid.uuid4()), tempfile.mktemp(),
 np.random.rand(), np.random.randint(1 << 30), np.random.default_rng().random(), random.Random().random()]`;

    const [first] = await restored({ snapshot: snapshot('plot'), programs: [program] });
    const [second] = await restored({ snapshot: snapshot('plot'), programs: [program] });

    (first as unknown[]).forEach((value, i) => { expect(value).not.toEqual((second as unknown[])[i]); });
  });

  it('plots, with text, formulas and a font that the snapshot has not seen', async () => {
    const program = `
import io, sys
before = len(sys.modules)
import numpy as np
import matplotlib.pyplot as plt
assert len(sys.modules) == before and plt.get_fignums() == [], plt.get_fignums()
def plot(**text):
    figure, axes = plt.subplots()
    axes.plot(np.arange(5.0), np.arange(5.0) ** 2, label="$x^2$")
    axes.set_title("Größe", **text)
    axes.legend()
    png = io.BytesIO()
    figure.savefig(png)
    plt.close(figure)
    return png.getvalue()
one, other = plot(), plot(family="serif", style="italic")
[one[:4].hex(), one != other, len(one) > 10_000]`;

    expect(await restored({ snapshot: snapshot('plot'), programs: [program] })).toEqual([['89504e47', true, true]]);
  });

  it('imports what the snapshot did not, reads sources and imports a native module anew', async () => {
    const program = `
import importlib, inspect, sys
import matplotlib.backends.backend_pdf, numpy.polynomial.laguerre, fontTools.ttLib
from importlib.metadata import version
import numpy.fft
source = inspect.getsource(numpy.fft.fftfreq)
for name in [name for name in sys.modules if name.startswith("kiwisolver")]:
    del sys.modules[name]
import kiwisolver
[source.startswith(("def fftfreq", "@")), version("numpy") == numpy.__version__, kiwisolver.Variable("x").name()]`;

    expect(await restored({ snapshot: snapshot('plot'), programs: [program] })).toEqual([[true, true, 'x']]);
  });

  it('has a sane world: path, folder, environment, main module, encoding', async () => {
    const program = `
import os, sys
[sys.path, os.getcwd(), os.environ["GREETING"], "PYTHONHASHSEED" in os.environ, sys.executable, sys.argv,
 sys.stdout.encoding, [name for name in globals() if not name.startswith("__") and name not in ("os", "sys")]]`;

    const [plain] = (await session({ environment: { GREETING: 'hello' }, programs: [program] })).results;
    const [fromSnapshot] = await restored({ snapshot: snapshot('data'), environment: { GREETING: 'hello' }, programs: [program] });

    expect(fromSnapshot).toEqual(plain);
    expect((fromSnapshot as unknown[]).slice(1, 4)).toEqual(['/workspace', 'hello', false]);
  });

  it('lives in the time zone and the time of the browser, not of the build', async () => {
    const program = `
import time, datetime
[time.tzname[0] == time.localtime(1_770_000_000).tm_zone, -time.timezone, time.localtime(1_770_000_000).tm_gmtoff,
 datetime.datetime.now().astimezone().utcoffset().total_seconds(), time.time()]`;
    const devTools = await browser.context.newCDPSession(page);
    await devTools.send('Emulation.setTimezoneOverride', { timezoneId: 'Asia/Tokyo' });

    const [plain] = (await session({ programs: [program] })).results as number[][];
    const [fromSnapshot] = await restored({ snapshot: snapshot('base'), programs: [program] }) as number[][];

    await devTools.send('Emulation.setTimezoneOverride', { timezoneId: '' });
    expect(plain?.slice(0, 4)).toEqual([true, 32_400, 32_400, 32_400]);
    expect(fromSnapshot?.slice(0, 4)).toEqual(plain?.slice(0, 4));
    expect(Math.abs((fromSnapshot?.[4] ?? 0) - Date.now() / 1000)).toBeLessThan(60);
  });

  it('is interrupted, asks for input and runs asynchronous code', async () => {
    const results = await restored({
      snapshot: snapshot('plot'),
      interruptFirst: true,
      programs: [
        'import session\ntry:\n    session.running()\n    while True: pass\nexcept KeyboardInterrupt:\n    caught = True\ncaught',
        'input("name? ")',
        'import asyncio\nawait asyncio.sleep(0.01)\nawait asyncio.gather(*[asyncio.sleep(0, n) for n in range(3)])',
      ],
    });

    expect(results).toEqual([true, 'Ada', [0, 1, 2]]);
  });

  it('takes more packages, also such with native libraries, beside those of the snapshot', async () => {
    const wheels = ['annotated_doc', 'annotated_types', 'anyio', 'fastapi', 'idna', 'pydantic', 'pydantic_core', 'starlette',
      'typing_extensions', 'typing_inspection', 'pandas', 'opentelemetry_api'];
    const program = `
import fastapi, numpy as np, pandas as pd, pydantic
class Point(pydantic.BaseModel):
    x: int
frame = pd.DataFrame({"k": list("aab"), "v": np.arange(3)}).groupby("k").v.sum()
[Point(x="3").x, frame.to_dict(), fastapi.FastAPI(title="t").title]`;

    const results = await restored({ snapshot: snapshot('plot'), wheels: server.wheels(wheels), programs: [program] });

    expect(results).toEqual([[3, { a: 1, b: 2 }, 't']]);
  });

  it('computes with pandas from the snapshot that has it', async () => {
    const program = `
import sys, io
loaded = "pandas" in sys.modules
import pandas as pd
table = pd.read_csv(io.StringIO("k,v\\na,1\\nb,2\\na,3\\n"))
[loaded, table.groupby("k").v.mean().to_dict(), str(pd.Timestamp("2026-03-29 12:00", tz="Europe/Berlin").utcoffset())]`;

    expect(await restored({ snapshot: snapshot('data'), programs: [program] })).toEqual([[true, { a: 2, b: 2 }, '2:00:00']]);
  });

  it('answers with Flask and with FastAPI from the snapshots that have them', async () => {
    const flask = `
import sys
loaded = "flask" in sys.modules
import flask
app = flask.Flask("app")
app.secret_key = "k"
@app.get("/<name>")
def page(name):
    flask.session["name"] = name
    return flask.render_template_string("<p>{{ name }}</p>", name=name)
answer = app.test_client().get("/<b>")
[loaded, answer.get_data(as_text=True), "session=" in answer.headers["set-cookie"], len(flask.Flask("other").url_map._rules)]`;
    const fastapi = `
import sys
loaded = "anyio._backends._asyncio" in sys.modules
import anyio, fastapi, pydantic
class Item(pydantic.BaseModel):
    n: int
async def sleep():
    async with anyio.create_task_group() as group:
        group.start_soon(anyio.sleep, 0.01)
    return [loaded, Item(n="3").n, anyio.get_current_task().id > 0, len(fastapi.FastAPI(openapi_url=None).routes)]
await sleep()`;

    expect(await restored({ snapshot: snapshot('flask'), programs: [flask] })).toEqual([[true, '<p>&lt;b&gt;</p>', true, 1]]);
    expect(await restored({ snapshot: snapshot('fastapi'), programs: [fastapi] })).toEqual([[true, 3, true, 0]]);
  });

  it('starts plainly with the same packages when the snapshot cannot be used, and says why', async () => {
    const program = 'import numpy as np, matplotlib\n[int(np.arange(4).sum()), matplotlib.get_backend().lower() != ""]';
    const plot = snapshot('plot');
    const broken: [string, Partial<SnapshotManifest>][] = [
      ['is damaged', { heap: { ...plot.heap, checksum: plot.heap.checksum ^ 1 } }],
      ['answered 404', { heap: { ...plot.heap, file: 'plot-0000000000000000.heap' } }],
      ['function table', { table: { before: plot.table.before, after: plot.table.after + 1 } }],
      [' is at ', { libraries: plot.libraries.map((library) => ({ ...library, memoryBase: library.memoryBase + 16 })) }],
    ];

    for (const [reason, change] of broken) {
      const start = await session({ snapshot: { ...plot, ...change }, programs: [program] });
      expect(start.boot).toBe('plain');
      expect(start.reason).toContain(reason);
      expect(start.results).toEqual([[6, true]]);
    }
  }, 120_000);

  it('is kept by the browser: it starts again without fetching, and fetches anew what turned out to be damaged', async () => {
    const plot = snapshot('plot');
    const program = 'import numpy as np\nint(np.arange(4).sum())';
    const fetched: string[] = [];
    page.on('request', (request) => { fetched.push(request.url().split('.').at(-1) ?? ''); });
    const start = async (): Promise<unknown[]> => {
      fetched.length = 0;
      const { boot, results } = await session({ snapshot: plot, programs: [program], settle: true });
      return [boot, results, fetched.filter((ending) => ['heap', 'code', 'files'].includes(ending)).sort()];
    };
    await start();

    expect(await start()).toEqual(['snapshot', [6], []]);

    await page.evaluate(async (file) => {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('cloche-snapshot');
      const stream = await (await folder.getFileHandle(file)).createWritable({ keepExistingData: true });
      await stream.write({ type: 'write', position: 30_000_000, data: new Uint8Array(4096) });
      await stream.close();
    }, plot.heap.file);
    expect((await start()).slice(0, 2)).toEqual(['plain', [6]]);
    expect(await start()).toEqual(['snapshot', [6], ['code', 'files', 'heap']]);
  }, 120_000);

  it('starts plainly without packages when none of the files come', async () => {
    await page.evaluate(async () => {
      await (await navigator.storage.getDirectory()).removeEntry('cloche-snapshot', { recursive: true }).catch(() => undefined);
    });

    const start = await session({ snapshot: snapshot('plot'), baseUrl: `${server.origin}/nowhere/`, programs: ['1 + 1'] });

    expect([start.boot, start.results]).toEqual(['plain', [2]]);
  });

  it('starts plainly when the restore takes too long', async () => {
    const start = await session({ snapshot: snapshot('base'), restoreTimeoutMs: 1, programs: ['1 + 1'] });

    expect([start.boot, start.reason, start.results]).toEqual(['plain', 'not restored after 1 ms', [2]]);
  });

  it('was made the same way twice', () => {
    const again = join(work, 'again');
    execFileSync(process.execPath, [
      join(web, 'tools/snapshot/make.mjs'), '--pyodide', join(web, 'node_modules/pyodide'), '--out', again, '--only', 'plot',
      ...wheelFolders.flatMap((wheels) => ['--wheels', wheels]),
    ]);

    expect(readdirSync(again)).toContain(snapshot('plot').heap.file);
  }, 180_000);
});
