import { randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { sharedServer } from './server';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
  readonly text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers of any shape
  readonly json: any;
}

export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly json?: unknown;
  readonly host?: string;
  readonly port?: number;
}

/** One request to a server on this machine, by IP with the Host header: Node does not resolve names below localhost. */
export function send(path: string, call: Call = {}): Promise<Answer> {
  const port = call.port ?? sharedServer().port;
  const body = call.json === undefined ? call.body : JSON.stringify(call.json);
  const headers = {
    host: call.host ?? `cloche.localhost:${port}`,
    ...(call.json !== undefined && { 'content-type': 'application/json' }),
    ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
    ...call.headers,
  };
  return new Promise((done, failed) => {
    const request = httpRequest({ host: '127.0.0.1', port, path, method: call.method ?? 'GET', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', failed);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString();
        done({ status: response.statusCode ?? 0, headers: response.headers, bytes, text, get json() { return JSON.parse(text); } });
      });
    });
    request.on('error', failed);
    request.end(body);
  });
}

/** A call of the API with the owner's token. */
export function api(path: string, call: Call & { readonly token?: string } = {}): Promise<Answer> {
  return send(path, { ...call, headers: { authorization: `Bearer ${call.token ?? sharedServer().token}`, ...call.headers } });
}

/** A name that no other test and no earlier run of this one has used; good for apps, too. */
export function unique(word: string): string {
  return `${word}-${randomBytes(4).toString('hex')}`;
}

/** Makes a workspace and returns its identifier. */
export async function newWorkspace(name: string, template?: string): Promise<string> {
  const answer = await api('/api/workspaces', { method: 'POST', json: { name, type: 'PYODIDE', ...(template !== undefined && { template }) } });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.json.workspace.id as string;
}

/** Writes a text file. */
export async function putFile(workspace: string, path: string, text: string): Promise<void> {
  const answer = await api(`/api/workspaces/${workspace}/files/${path}`, { method: 'PUT', body: text });
  if (answer.status >= 300) throw new Error(answer.text);
}
