import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { api, newWorkspace, putFile, send } from '../support/api';
import { sharedServer } from '../support/server';

const run = promisify(execFile);

test("requirement 000's curl line makes a Python workspace", async () => {
  const server = sharedServer();
  const projects = (await api('/api/projects')).json.projects as { id: string }[];
  const body = JSON.stringify({ name: 'Test Python Workspace', type: 'PYODIDE', projectId: projects[0]?.id });

  const { stdout } = await run('curl', [
    '-sS', '-X', 'POST', `http://localhost:${server.port}/api/workspaces`,
    '-H', 'Content-Type: application/json', '-H', `Authorization: Bearer ${server.token}`, '-d', body,
  ]);

  const { workspace } = JSON.parse(stdout);
  expect(workspace).toMatchObject({ name: 'Test Python Workspace', type: 'PYODIDE', projectId: projects[0]?.id });
  expect(workspace.config.pythonPackages).toEqual(['numpy', 'matplotlib']);
  expect(workspace.config.environment).toMatchObject({ WORKSPACE_TYPE: 'pyodide', PYTHON_VERSION: '3.14.2' });
});

test('an unknown workspace type is refused in the words of requirement 000', async () => {
  const answer = await api('/api/workspaces', { method: 'POST', json: { name: 'x', type: 'COBOL' } });
  expect(answer.status).toBe(400);
  expect(answer.json.error).toBe('Invalid workspace type');
});

for (const type of ['NODE', 'WEBVM', 'FIRECRACKER']) {
  test(`a ${type} workspace is refused with an explanation`, async () => {
    const answer = await api('/api/workspaces', { method: 'POST', json: { name: 'x', type } });
    expect(answer.status).toBe(501);
    expect(answer.json.detail.length).toBeGreaterThan(20);
  });
}

test('files keep their bytes, their revision and refuse a stale writer', async () => {
  const id = await newWorkspace('files');
  const path = `/api/workspaces/${id}/files/dir/data.bin`;
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));

  const written = await api(path, { method: 'PUT', body: bytes });
  expect(written.status).toBe(201);
  const etag = String(written.headers['etag']);
  expect((await api(path)).bytes.equals(bytes)).toBe(true);
  expect(String((await api(path)).headers['etag'])).toBe(etag);

  expect((await api(path, { method: 'PUT', body: 'second', headers: { 'if-match': etag } })).status).toBe(200);
  expect((await api(path, { method: 'PUT', body: 'third', headers: { 'if-match': etag } })).status).toBe(412);
  expect((await api(path)).text).toBe('second');
  expect((await api(`/api/workspaces/${id}/pyodide/files`)).json).toEqual((await api(`/api/workspaces/${id}/files`)).json);
});

const badPaths = ['..%2fx', '%2e%2e/x', 'a/../../x', '%2fetc/passwd', 'a%00b', 'a%5c..%5cb', 'a//b', `${'x'.repeat(300)}`, 'a/./b'];
for (const path of badPaths) {
  test(`the path ${path.slice(0, 20)} is refused and nothing changes`, async () => {
    const id = await newWorkspace('paths');
    const before = (await api(`/api/workspaces/${id}`)).json.workspace.revision;
    const answer = await api(`/api/workspaces/${id}/files/${path}`, { method: 'PUT', body: 'x' });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect((await api(`/api/workspaces/${id}`)).json.workspace.revision).toBe(before);
  });
}

test('names that differ only in case or in Unicode form clash', async () => {
  const id = await newWorkspace('clash');
  await putFile(id, 'Readme.md', 'one');
  expect((await api(`/api/workspaces/${id}/files/README.md`, { method: 'PUT', body: 'two' })).status).toBe(409);
  await putFile(id, encodeURIComponent('é.txt'.normalize('NFC')), 'one');
  const decomposed = await api(`/api/workspaces/${id}/files/${encodeURIComponent('é.txt'.normalize('NFD'))}`, { method: 'PUT', body: 'two' });
  expect(decomposed.status).toBe(400);
  expect(decomposed.json.errors[0]).toMatchObject({ field: 'path' });
});

test('bad input names the field and the rule', async () => {
  const unknown = await api('/api/workspaces', { method: 'POST', json: { name: 'x', type: 'PYODIDE', colour: 'red' } });
  expect(unknown.status).toBe(400);
  expect(unknown.json.errors[0]).toMatchObject({ field: expect.stringContaining('colour') });
  const empty = await api('/api/workspaces', { method: 'POST', json: { name: '', type: 'PYODIDE' } });
  expect(empty.json.errors[0]).toMatchObject({ field: 'name' });
  const broken = await api('/api/workspaces', { method: 'POST', body: '{"name":', headers: { 'content-type': 'application/json' } });
  expect(broken.status).toBe(400);
  const large = await api('/api/workspaces', { method: 'POST', body: `{"name":"${'x'.repeat(2_000_000)}"}`, headers: { 'content-type': 'application/json' } });
  expect(large.status).toBe(413);
});

test('a foreign origin is refused, with and without a token', async () => {
  const { port } = sharedServer();
  for (const origin of ['http://evil.example', `http://ws-x.host.cloche.localhost:${port}`, 'null']) {
    expect((await api('/api/projects', { headers: { origin } })).status).toBe(403);
    expect((await send('/api/session', { method: 'POST', json: { name: 'a', password: 'b' }, headers: { origin } })).status).toBe(403);
  }
});

test('health, contract and the address localhost work as scripts expect', async () => {
  const { port } = sharedServer();
  expect((await send('/health/live', { host: `localhost:${port}` })).status).toBe(200);
  expect((await send('/health/ready', { host: `127.0.0.1:${port}` })).status).toBe(200);
  expect((await send('/openapi.yaml')).text).toContain('openapi: 3.1.0');
  const page = await send('/', { host: `localhost:${port}`, headers: { accept: 'text/html' } });
  expect([301, 302, 303, 307, 308]).toContain(page.status);
  expect(page.headers['location']).toBe(`http://cloche.localhost:${port}/`);
});
