import { decodeText, toBase64 } from '@/base/bytes';
import { readZip } from '@/base/zip-reader';
import { disposable, type Disposable } from '@/base/disposable';
import type { components } from '@/protocol';
import { RemoteFailure, type FileRemote, type RemoteChange, type RemoteEntry, type RemoteListener, type RemoteTree } from './file-remote';

type Schemas = components['schemas'];

const aloneFrom = 1024 * 1024;

/** The server's files over its HTTP interface, with the session's cookie. */
export class HttpFileRemote implements FileRemote {
  private readonly base: string;

  constructor(workspaceId: string) {
    this.base = `/api/workspaces/${encodeURIComponent(workspaceId)}`;
  }

  async tree(): Promise<RemoteTree> {
    const answer = await this.send('/files', { headers: { accept: 'application/json' } });
    const tree = (await answer.json()) as Schemas['FileTree'];
    return { revision: tree.revision, files: tree.files.map(toEntry) };
  }

  async read(path: string): Promise<{ bytes: Uint8Array; revision: number }> {
    const answer = await this.send(`/files/${encodePath(path)}`, {});
    return { bytes: new Uint8Array(await answer.arrayBuffer()), revision: revisionOf(answer) };
  }

  async archive(revision: number): Promise<ReadonlyMap<string, Uint8Array>> {
    const answer = await this.send(`/archive?revision=${revision}`, {});
    return readZip(new Uint8Array(await answer.arrayBuffer()));
  }

  async change(changes: readonly RemoteChange[]): Promise<RemoteTree> {
    const [first] = changes;
    if (changes.length === 1 && first?.op === 'write' && first.bytes.length >= aloneFrom) return this.put(first);
    const body: Schemas['FileChanges'] = { changes: changes.map(toWire) };
    const answer = await this.send('/changes', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const changed = (await answer.json()) as Schemas['FilesChanged'];
    return { revision: changed.revision, files: changed.files.map(toEntry) };
  }

  watch(listener: RemoteListener): Disposable {
    const source = new EventSource(`${this.base}/events`);
    let wasOpen = false;
    source.addEventListener('open', () => {
      if (wasOpen) listener.onConnected();
      wasOpen = true;
    });
    source.addEventListener('revision', (event) => {
      const revision = revisionIn(event.data);
      if (revision !== null) listener.onRevision(revision);
    });
    const online = () => listener.onConnected();
    window.addEventListener('online', online);
    return disposable(() => {
      source.close();
      window.removeEventListener('online', online);
    });
  }

  private async put(write: RemoteChange & { op: 'write' }): Promise<RemoteTree> {
    const headers: Record<string, string> = { 'content-type': 'application/octet-stream' };
    if (write.ifRevision === 0) headers['if-none-match'] = '*';
    else if (write.ifRevision !== null) headers['if-match'] = `"${write.ifRevision}"`;
    const body = new Blob([new Uint8Array(write.bytes)]);
    const answer = await this.send(`/files/${encodePath(write.path)}`, { method: 'PUT', headers, body });
    const written = (await answer.json()) as Schemas['FileWritten'];
    const entry: RemoteEntry = { path: written.path, kind: 'file', size: write.bytes.length, revision: written.revision, digest: written.digest ?? null };
    return { revision: written.revision, files: [entry] };
  }

  private async send(path: string, init: RequestInit): Promise<Response> {
    let answer: Response;
    try {
      answer = await fetch(this.base + path, { credentials: 'same-origin', cache: 'no-store', ...init });
    } catch {
      throw new RemoteFailure('offline', 'The server cannot be reached.');
    }
    if (!answer.ok) throw await failureOf(answer);
    return answer;
  }
}

async function failureOf(answer: Response): Promise<RemoteFailure> {
  let detail = `The server answered ${answer.status}.`;
  try {
    const problem = (await answer.json()) as Partial<Schemas['Problem']>;
    const field = problem.errors?.[0]?.message;
    detail = [problem.detail ?? problem.title ?? detail, field].filter((part) => part !== undefined).join(' ');
  } catch {
    // not a problem document: a proxy in between may have answered
  }
  switch (answer.status) {
    case 401:
      return new RemoteFailure('signed-out', 'You are signed out. Sign in again in another tab; nothing is lost.');
    case 404:
    case 410:
      return new RemoteFailure('missing', detail);
    case 409:
    case 412:
      return new RemoteFailure('stale', detail);
    default:
      return new RemoteFailure(answer.status === 429 || answer.status >= 500 ? 'busy' : 'refused', detail);
  }
}

function toEntry(entry: Schemas['FileEntry']): RemoteEntry {
  return { path: entry.path, kind: entry.kind, size: entry.size ?? 0, revision: entry.revision, digest: entry.digest ?? null };
}

function toWire(change: RemoteChange): Schemas['FileChanges']['changes'][number] {
  switch (change.op) {
    case 'write': {
      const text = decodeText(change.bytes);
      const condition = change.ifRevision === null ? {} : { ifRevision: change.ifRevision };
      return { op: 'write', path: change.path, ...(text === null ? { base64: toBase64(change.bytes) } : { text }), ...condition };
    }
    case 'delete':
      return { op: 'delete', path: change.path, ...(change.ifRevision === null ? {} : { ifRevision: change.ifRevision }) };
    case 'move':
      return { op: 'move', path: change.path, to: change.to };
    case 'folder':
      return { op: 'folder', path: change.path };
  }
}

export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function revisionOf(answer: Response): number {
  return Number(/\d+/.exec(answer.headers.get('etag') ?? '')?.[0] ?? 0);
}

function revisionIn(data: unknown): number | null {
  try {
    const value: unknown = JSON.parse(String(data));
    const revision = typeof value === 'object' && value !== null && 'revision' in value ? value.revision : value;
    return typeof revision === 'number' ? revision : null;
  } catch {
    return null;
  }
}
