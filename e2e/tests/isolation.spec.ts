import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import { api, newWorkspace, putFile, unique } from '../support/api';
import { Ide } from '../support/ide';
import { ROOT, sharedServer } from '../support/server';
import { signIn } from '../support/session';

/** Every operation of the contract with its parameters filled in. */
function operations(): { method: string; path: string }[] {
  const contract = parse(readFileSync(join(ROOT, 'openapi.yaml'), 'utf8')) as { paths: Record<string, Record<string, unknown>> };
  return Object.entries(contract.paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((key) => ['get', 'post', 'put', 'patch', 'delete'].includes(key))
      .map((method) => ({ method: method.toUpperCase(), path: path.replaceAll(/\{[^}]+\}/g, '0123456789abcdef') })),
  );
}

interface AuditEvent {
  readonly id: number;
  readonly action: string;
  readonly outcome: string;
}

async function newestAuditEvent(): Promise<number> {
  const { events } = (await api('/api/audit?limit=1')).json as { events: AuditEvent[] };
  return events[0]?.id ?? 0;
}

/** What was really done, by anybody, after an event of the audit log. */
async function doneSince(before: number): Promise<AuditEvent[]> {
  const { events } = (await api('/api/audit?limit=500')).json as { events: AuditEvent[] };
  return events.filter((event) => event.id > before && event.outcome === 'ok');
}

/** What a page of another origin gets to see of the platform when it tries with the visitor's cookies. */
const attack = async (input: { control: string; operations: { method: string; path: string }[] }): Promise<string[]> => {
  const leaks: string[] = [];
  for (const { method, path } of input.operations) {
    for (const mode of ['cors', 'no-cors'] as const) {
      try {
        const simple = method === 'GET' || method === 'POST';
        if (mode === 'no-cors' && !simple) continue;
        const answer = await fetch(input.control + path, { method, mode, credentials: 'include', redirect: 'manual', ...(method !== 'GET' && { body: '{}' }) });
        if (answer.type !== 'opaque' && answer.type !== 'opaqueredirect' && answer.status !== 401 && answer.status !== 403) leaks.push(`${method} ${path}: ${answer.status} ${(await answer.text()).slice(0, 80)}`);
      } catch {
        // blocked, as it must be
      }
    }
  }
  return leaks;
};

/** Tries every operation from Python, by synchronous requests that report and by fetches that do not. */
const ATTACK_IN_PYTHON = `
import asyncio
import json
import js
from pyodide.ffi import to_js

target = json.load(open("operations.json"))
leaks = []


def ask(method, url):
    request = js.XMLHttpRequest.new()
    try:
        request.open(method, url, False)
        request.withCredentials = True
        request.send(None if method == "GET" else "{}")
        if request.status not in (0, 401, 403):
            leaks.append(f"{method} {url}: {request.status}")
    except Exception:
        pass


async def attack():
    for operation in target["operations"]:
        method, url = operation["method"], target["control"] + operation["path"]
        mode = "no-cors" if method in ("GET", "POST") else "cors"
        options = to_js({"method": method, "credentials": "include", "mode": mode}, dict_converter=js.Object.fromEntries)
        js.fetch(url, options).add_done_callback(lambda done: done.exception())
        ask(method, url)


asyncio.run(attack())
print(f"tried {len(target['operations'])} requests, leaks: {leaks}")
`;

test('a published page gets nothing from any route of the platform, though its visitor is signed in', async ({ context }) => {
  await signIn(context);
  const id = await newWorkspace('attacker');
  const name = unique('attacker');
  await putFile(id, 'index.html', '<!doctype html><title>attacker</title><p>hello');
  expect((await api('/api/apps', { method: 'POST', json: { name, workspace: id, kind: 'static', placement: 'browser' } })).status).toBe(201);
  const before = await newestAuditEvent();

  // A page cannot read these answers in any case, so what the server really said is looked at from outside.
  const answers: { readonly request: string; readonly status: number }[] = [];
  const page = await context.newPage();
  page.on('response', (response) => {
    if (response.url().startsWith(`${sharedServer().url}/`)) answers.push({ request: `${response.request().method()} ${response.url()}`, status: response.status() });
  });
  await page.goto(sharedServer().appUrl(name));
  await expect(page.getByText('hello')).toBeVisible();
  const leaks = await page.evaluate(attack, { control: sharedServer().url, operations: operations() });

  expect(leaks).toEqual([]);
  // its content security policy lets no request out ...
  expect(answers).toEqual([]);
  // ... but for a navigation, which carries the visitor's cookie and which the server itself must refuse
  for (const path of ['/api/projects', `/api/workspaces/${id}/files/index.html`]) {
    const visitor = await context.newPage();
    await visitor.goto(sharedServer().appUrl(name));
    const answered = visitor.waitForResponse(sharedServer().url + path);
    await visitor.evaluate((url) => { setTimeout(() => { location.href = url; }); }, sharedServer().url + path);
    expect([401, 403]).toContain((await answered).status());
    await visitor.close();
  }
  expect(await doneSince(before)).toEqual([]);
  expect((await api(`/api/workspaces/${id}`)).status).toBe(200);
});

test('a Python program gets nothing from any route of the platform, though its person is signed in', async ({ context }) => {
  await signIn(context);
  const id = await newWorkspace('python attacker');
  await putFile(id, 'main.py', ATTACK_IN_PYTHON);
  await putFile(id, 'operations.json', JSON.stringify({ control: sharedServer().url, operations: operations() }));
  const before = await newestAuditEvent();

  const ide = await Ide.open(await context.newPage(), id);
  await ide.openFile('main.py');
  await ide.run();
  await ide.expectTerminal(/tried \d+ requests, leaks: \[\]/);

  expect(await doneSince(before)).toEqual([]);
  expect((await api(`/api/workspaces/${id}`)).status).toBe(200);
});

test('the path form on the control plane is sandboxed and leads to the own origin', async () => {
  const id = await newWorkspace('path form');
  const name = unique('path-form');
  await putFile(id, 'index.html', '<!doctype html><title>x</title><p>x');
  await api('/api/apps', { method: 'POST', json: { name, workspace: id, kind: 'static', placement: 'browser' } });
  const answer = await api(`/app/${name}/`, { headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' } });
  expect(answer.status).toBe(303);
  expect(answer.headers['location']).toBe(sharedServer().appUrl(name));
  expect(String(answer.headers['content-security-policy'])).toContain('sandbox');
});

test('texts that would run are refused by every screen', async ({ page, context }) => {
  await signIn(context);
  const id = await newWorkspace('trusted types', 'hello');
  for (const path of ['/', '/settings', `/workspace/pyodide/${id}`]) {
    await page.goto(sharedServer().url + path);
    await expect(page.getByRole('button').first()).toBeVisible();
    const tried = await page.evaluate(() => {
      try {
        document.createElement('div').innerHTML = '<img src=x onerror=alert(1)>';
        return 'taken';
      } catch (refusal) {
        return refusal instanceof TypeError ? 'refused' : String(refusal);
      }
    });
    expect(tried, path).toBe('refused');
  }
});
