// Published apps in the visitor’s tab: plain WSGI and ASGI without any package, Flask and FastAPI with wheels of the shelf.
import type { Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TestBrowser } from './browser';
import { HostServer, type WheelFile } from './server';
import { zip } from './zip';

const FLASK = ['flask', 'werkzeug', 'jinja2', 'markupsafe', 'click', 'itsdangerous', 'blinker'];
const FASTAPI = ['fastapi', 'starlette', 'pydantic', 'pydantic-core', 'anyio', 'idna', 'typing-extensions', 'annotated-types', 'typing-inspection', 'annotated-doc', 'python-multipart', 'opentelemetry-api'];

const TODO = `
import json, os, time
from flask import Flask, request, redirect, render_template, session, jsonify, abort, make_response, Response

app = Flask(__name__)
app.secret_key = "test"
FILE = "todos.json"

def load():
    return json.load(open(FILE)) if os.path.exists(FILE) else []

@app.get("/")
def index():
    return render_template("index.html", todos=load(), user=session.get("user", "nobody"), theme=request.cookies.get("theme", "none"))

@app.post("/add")
def add():
    todos = load()
    todos.append(request.form["text"])
    with open(FILE, "w") as file:
        json.dump(todos, file)
    return redirect("/?added=1#end")

@app.post("/login")
def login():
    session["user"] = request.form["user"]
    answer = make_response(redirect("/"))
    answer.set_cookie("theme", "dark", max_age=1000)
    answer.set_cookie("narrow", "1", path="/other")
    return answer

@app.post("/api/echo")
def echo():
    return jsonify(method=request.method, body=request.get_json(), query=request.args.to_dict(), type=request.content_type, cookies=sorted(request.cookies)), 201

@app.post("/upload")
def upload():
    file = request.files["file"]
    return jsonify(name=file.filename, size=len(file.read()), note=request.form["note"])

@app.get("/boom")
def boom():
    return {}["missing"]

@app.get("/old")
def old():
    return redirect("/new", 302)

@app.get("/new")
def new():
    return "<title>New place</title><p id=here>" + request.path

@app.get("/stream")
def stream():
    def parts():
        for i in range(5):
            time.sleep(0.04)
            yield f"part {i}\\n"
    return Response(parts(), mimetype="text/plain")
`;
const INDEX = `<!doctype html><title>To-do ({{ todos|length }})</title><link rel="stylesheet" href="/static/style.css">
<p id=user>{{ user }} {{ theme }}</p><ul>{% for todo in todos %}<li>{{ todo }}</li>{% endfor %}</ul>
<form action="/add" method="post"><input name="text"><button id=add>Add</button></form>
<form action="/login" method="post"><input name="user"><button id=login>Sign in</button></form>
<a id=out href="http://elsewhere.invalid/">out</a>`;

const API = `
from contextlib import asynccontextmanager
from typing import Annotated
import asyncio
from fastapi import FastAPI, Form, Request
from fastapi.responses import RedirectResponse, StreamingResponse, HTMLResponse
from pydantic import BaseModel

started = []

@asynccontextmanager
async def lifespan(app):
    started.append("yes")
    yield

app = FastAPI(lifespan=lifespan)

class Item(BaseModel):
    name: str
    price: float

@app.get("/", response_class=HTMLResponse)
async def index():
    return "<title>API</title><form action='/form' method=post><input name=word><button>Send</button></form>"

@app.post("/items")
def create(item: Item):
    return {"name": item.name, "double": item.price * 2, "started": started}

@app.post("/form")
async def form(word: Annotated[str, Form()]):
    return RedirectResponse("/word/" + word, 303)

@app.get("/word/{word}", response_class=HTMLResponse)
async def word(word: str, request: Request):
    return f"<title>{word}</title><p id=word>{word} {request.url.path}"

@app.get("/stream")
async def stream():
    async def parts():
        for i in range(3):
            yield f"{i};"
            await asyncio.sleep(0.01)
    return StreamingResponse(parts(), media_type="text/plain")

@app.get("/boom")
async def boom():
    raise ValueError("a fault")
`;

/** Everything here that is a plain `def` would run in a thread elsewhere. */
const PLAIN = `
import asyncio, contextvars, os, time
from typing import Annotated
from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException, UploadFile
from fastapi.responses import StreamingResponse
from fastapi.staticfiles import StaticFiles

app = FastAPI()
log = []
user = contextvars.ContextVar("user", default="nobody")

def settings():
    log.append("open")
    yield {"greeting": "hello"}
    log.append("close")

def query(q: str = "none"):
    return q

def write(line: str):
    time.sleep(0.01)
    log.append(line)

async def later():
    await asyncio.sleep(0.01)
    return "later"

@app.get("/")
def index(settings: Annotated[dict, Depends(settings)], q: Annotated[str, Depends(query)], tasks: BackgroundTasks):
    tasks.add_task(write, "task " + q)
    return {"greeting": settings["greeting"], "q": q}

@app.get("/log")
def read_log():
    return log

@app.post("/upload")
def upload(file: UploadFile):
    return {"name": file.filename, "size": len(file.file.read())}

@app.get("/stream")
def stream():
    return StreamingResponse((f"{i};" for i in range(3)), media_type="text/plain")

@app.get("/refused")
def refused():
    raise HTTPException(418, "a teapot")

@app.get("/nested")
def nested():
    return asyncio.run(later())

@app.get("/context")
async def context():
    user.set("Zo")
    loop = asyncio.get_running_loop()
    def change():
        seen = user.get()
        user.set("changed")
        return seen
    seen = await asyncio.to_thread(change)
    executed = await loop.run_in_executor(None, os.path.basename, "/a/b")
    try:
        await asyncio.to_thread(int, "x")
    except ValueError:
        failure = "ValueError"
    return [seen, user.get(), executed, failure, await asyncio.to_thread(lambda: asyncio.run(later())), asyncio.current_task() is not None]

app.mount("/static", StaticFiles(directory="static"))
`;

let server: HostServer;
let browser: TestBrowser;

beforeAll(async () => {
  server = await new HostServer().start();
  browser = await TestBrowser.start();
});

afterAll(async () => {
  await browser.stop();
  server.stop();
});

afterEach(async () => {
  await Promise.all(browser.context.pages().slice(1).map((page) => page.close()));
});

function publish(name: string, kind: 'wsgi' | 'asgi', files: Record<string, string>, wheels: WheelFile[] = [], deployment = 'd1', entry = 'app:app'): void {
  server.apps.set(name, {
    archive: zip(files),
    manifest: { name, deployment, kind, entry, archive: `/__cloche/deployment/${deployment}.zip`, environment: { GREETING: 'hello' }, wheels, engine: { pyodide: '314.0.7', python: '3.14.2' } },
  });
}

async function open(name: string, path = '/'): Promise<Page> {
  const page = await browser.context.newPage();
  page.on('console', (message) => { console.log(`[${name}]`, message.text()); });
  page.on('pageerror', (error) => { console.log(`[${name}] page error`, error.message); });
  await page.goto(`${server.origin(`${name}.app.`)}${path}`);
  return page;
}

async function inner(page: Page): Promise<Frame> {
  const frame = await (await page.waitForSelector('iframe.app-frame')).contentFrame();
  if (frame === null) {
    throw new Error('no frame');
  }
  await frame.waitForLoadState('load');
  return frame;
}

/** Waits for the style sheet, which comes after the text that it colours. */
async function coloured(frame: Frame, colour: string): Promise<void> {
  await frame.waitForFunction((wanted) => {
    const user = document.getElementById('user');
    return user !== null && getComputedStyle(user).color === wanted;
  }, colour);
}

describe('a Flask app', () => {
  test('is used like any site, and finds its data again', async () => {
    const wheels = server.wheels(...FLASK);
    const files = { 'app.py': TODO, 'templates/index.html': INDEX, 'static/style.css': 'p { color: rgb(1, 2, 3) }' };
    publish('todo', 'wsgi', files, wheels);
    const start = performance.now();
    const page = await open('todo');
    const frame = await inner(page);
    await frame.waitForSelector('#user');
    console.log(`app shown after ${Math.round(performance.now() - start)} ms`);
    await coloured(frame, 'rgb(1, 2, 3)');

    await frame.fill('input[name=text]', 'water the plants 🌱');
    await frame.click('#add');
    await frame.waitForSelector('li');
    await page.waitForFunction(() => location.search === '?added=1' && location.hash === '#end' && document.title === 'To-do (1)');

    await frame.fill('input[name=user]', 'Zoë');
    await frame.click('#login');
    await frame.waitForFunction(() => document.getElementById('user')?.textContent === 'Zoë dark');

    const answers = await frame.evaluate(async () => {
      const form = new FormData();
      form.set('note', 'ü');
      form.set('file', new File(['x'.repeat(100_000)], 'big.txt'));
      const head = await fetch('/new', { method: 'HEAD' });
      const redirected = await fetch('/old');
      return {
        echo: await (await fetch('/api/echo?a=1&b=ü', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"n":1}' })).json() as unknown,
        status: (await fetch('/api/echo', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })).status,
        upload: await (await fetch('/upload', { method: 'POST', body: form })).json() as unknown,
        head: [head.status, await head.text()],
        redirected: [redirected.status, redirected.redirected, new URL(redirected.url).pathname],
        missing: (await fetch('/nowhere')).status,
        stream: await (await fetch('/stream')).text(),
      };
    });
    expect(answers).toEqual({
      echo: { method: 'POST', body: { n: 1 }, query: { a: '1', b: 'ü' }, type: 'application/json', cookies: ['session', 'theme'] },
      status: 201,
      upload: { name: 'big.txt', size: 100_000, note: 'ü' },
      head: [200, ''],
      redirected: [200, true, '/new'],
      missing: 404,
      stream: 'part 0\npart 1\npart 2\npart 3\npart 4\n',
    });

    await page.reload();
    const again = await inner(page);
    await again.waitForSelector('li');
    expect(await again.textContent('li')).toBe('water the plants 🌱');
    expect(await again.textContent('#user')).toBe('Zoë dark');
    expect(page.url()).toContain('/');

    await page.goto(`${server.origin('todo.app.')}/old`);
    const deep = await inner(page);
    await deep.waitForSelector('#here');
    await page.waitForFunction(() => location.pathname === '/new' && document.title === 'New place');

    await page.goto(`${server.origin('todo.app.')}/boom`);
    const failed = await inner(page);
    await failed.waitForSelector('pre');
    expect(await failed.textContent('pre')).toMatch(/File "\/workspace\/app\.py", line \d+, in boom[\s\S]*KeyError: 'missing'/);

    publish('todo', 'wsgi', { ...files, 'static/style.css': 'p { color: rgb(9, 9, 9) }' }, wheels, 'd2');
    await page.goto(`${server.origin('todo.app.')}/`);
    const newer = await inner(page);
    await newer.waitForSelector('li');
    await coloured(newer, 'rgb(9, 9, 9)');
  });
});

describe('a FastAPI app', () => {
  test('answers with models, forms, streams, and its life span', async () => {
    const wheels = server.wheels(...FASTAPI);
    publish('api', 'asgi', { 'app.py': API }, wheels);
    const before = server.log.length;
    const page = await open('api');
    const frame = await inner(page);
    await frame.waitForSelector('form');
    // So anyio was imported before the engine's own Python ran; the uploads and plain functions below need it changed.
    const heaps = server.log.slice(before).flatMap((line) => /\/(\w+)-\w+\.heap$/.exec(line)?.slice(1) ?? []);
    expect(heaps).toEqual(['fastapi']);
    const answers = await frame.evaluate(async () => {
      const post = (body: object) => fetch('/items', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      return {
        good: await (await post({ name: 'tea', price: 2.5 })).json() as unknown,
        bad: (await post({ name: 'tea' })).status,
        stream: await (await fetch('/stream')).text(),
        boom: [(await fetch('/boom')).status, (await (await fetch('/boom')).text()).includes('ValueError: a fault')],
      };
    });
    expect(answers).toEqual({ good: { name: 'tea', double: 5, started: ['yes'] }, bad: 422, stream: '0;1;2;', boom: [500, true] });
    await frame.fill('input', 'blue');
    await frame.click('button');
    await frame.waitForSelector('#word');
    expect(await frame.textContent('#word')).toBe('blue /word/blue');
  });
});

describe('plain functions of a FastAPI app', () => {
  test('run on the spot: routes, dependencies, background tasks, uploads, files', async () => {
    const wheels = server.wheels(...FASTAPI);
    publish('plain', 'asgi', { 'app.py': PLAIN, 'static/note.txt': 'a note' }, wheels);
    const frame = await inner(await open('plain', '/log'));
    const answers = await frame.evaluate(async () => {
      const text = async (path: string) => (await fetch(path)).text();
      const form = new FormData();
      form.set('file', new File(['x'.repeat(2_000_000)], 'big.txt'));
      return {
        index: await text('/?q=tea'),
        together: (await Promise.all(Array.from({ length: 60 }, (_, i) => text(`/?q=${i}`)))).filter((answer, i) => answer.includes(`"${i}"`)).length,
        upload: await (await fetch('/upload', { method: 'POST', body: form })).text(),
        stream: await text('/stream'),
        refused: (await fetch('/refused')).status,
        nested: await text('/nested'),
        context: await text('/context'),
        file: await text('/static/note.txt'),
        missing: (await fetch('/static/nothing.txt')).status,
      };
    });
    expect(answers).toEqual({
      index: '{"greeting":"hello","q":"tea"}', together: 60, upload: '{"name":"big.txt","size":2000000}', stream: '0;1;2;', refused: 418,
      nested: '"later"', context: '["Zo","Zo","b","ValueError","later",true]', file: 'a note', missing: 404,
    });
    const log = JSON.parse(await frame.evaluate(async () => (await fetch('/log')).text())) as string[];
    expect(log.filter((line) => line === 'task tea')).toHaveLength(1);
    expect(log.filter((line) => line.startsWith('task '))).toHaveLength(61);
    expect(log.filter((line) => line === 'close')).toHaveLength(61);
  });
});

const COUNTER = `
import os
count = 0
def app(environ, start_response):
    global count
    if environ["PATH_INFO"] == "/favicon.ico":
        start_response("404 Not Found", [])
        return []
    count += 1
    with open("log.txt", "a") as file:
        file.write(environ["PATH_INFO"] + "\\n")
    start_response("200 OK", [("Content-Type", "text/html")])
    lines = open("log.txt").read().splitlines()
    return [f"<title>{os.environ['GREETING']}</title><p id=count>{count}</p><p id=lines>{len(lines)}</p>".encode()]
`;

describe('tabs of one visitor', () => {
  test('share an engine, and the next one takes over when its tab is closed', async () => {
    publish('counter', 'wsgi', { 'app.py': COUNTER });
    const first = await open('counter');
    expect(await (await inner(first)).textContent('#count')).toBe('1');
    const second = await open('counter', '/second');
    expect(await (await inner(second)).textContent('#count')).toBe('2');
    const frame = await inner(second);
    // a quick start takes the notice away before a slow test looks for it
    const noticed = await second.evaluateHandle(() => {
      const notice = { wasShown: false };
      new MutationObserver(() => { notice.wasShown ||= document.querySelector('.app-notice') !== null; }).observe(document.body, { childList: true, subtree: true });
      return notice;
    });
    await first.close();
    await second.waitForFunction((notice) => notice.wasShown && document.querySelector('.app-notice') === null, noticed);
    await frame.evaluate(() => { setTimeout(() => { location.reload(); }); });
    await frame.waitForFunction(() => document.getElementById('lines')?.textContent === '3');
    expect(await frame.textContent('#count')).toBe('1');
  });
});

/** A view that waits must not let another request into the app, and what it starts is its own. */
const WAITING = `
import asyncio, js
inside = 0

async def later(path):
    await asyncio.sleep(0.01)
    answer = await js.fetch("/__cloche/deployment.json")
    return f"{path} {answer.status}"

def app(environ, start_response):
    global inside
    inside += 1
    together = inside
    answer = asyncio.run(later(environ["PATH_INFO"]))
    inside -= 1
    start_response("200 OK", [("Content-Type", "text/plain")])
    def body():
        yield f"{answer} {together} ".encode()
        yield asyncio.run(later("body")).encode()
    return body()
`;

test('a view of a WSGI app runs coroutines, and awaits promises, one request at a time', async () => {
  publish('waiting', 'wsgi', { 'app.py': WAITING });
  const frame = await inner(await open('waiting'));
  const answers = await frame.evaluate(() => Promise.all([1, 2, 3].map(async (n) => (await fetch(`/${n}`)).text())));

  expect(answers).toEqual(['/1 200 1 body 200', '/2 200 1 body 200', '/3 200 1 body 200']);
});

test('cookies that a script of the page sets reach the app', async () => {
  publish('cookies', 'wsgi', { 'app.py': 'def app(environ, start_response):\n  start_response("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", "own=1")])\n'
    + '  return [environ.get("HTTP_COOKIE", "none").encode()]\n' });
  const frame = await inner(await open('cookies'));
  const answers = await frame.evaluate(async () => {
    document.cookie = 'theme=dark; path=/';
    const seen = [await (await fetch('/')).text(), await (await fetch('/deep/er')).text()];
    document.cookie = 'theme=; path=/; max-age=0';
    return [...seen, await (await fetch('/')).text()];
  });

  expect(answers).toEqual(['own=1; theme=dark', 'own=1; theme=dark', 'own=1']);
});

test('an app that cannot be imported is explained', async () => {
  publish('broken', 'wsgi', { 'app.py': 'import nothing_of_this_name\n' });
  const page = await open('broken');
  const alert = await page.waitForSelector('[role=alert]');
  expect(await alert.textContent()).toMatch(/could not start.*ModuleNotFoundError.*line 1/s);
});

test('an address without an app is explained', async () => {
  const page = await open('nobody');
  expect(await (await page.waitForSelector('[role=alert]')).textContent()).toContain('There is no app at this address');
});
