import { joinPath, nameOf } from '@/base/paths';
import type { WorkspaceFiles } from '@/platform/files';
import { tell, tellFailure } from '@/platform/notifications';

/** A file from the desktop with its place below the folder that it goes to. */
export interface Incoming {
  readonly path: string;
  readonly file: File;
}

const largest = 64 * 1024 * 1024;
const mostFiles = 20_000;
const skipped = /(^|\/)(node_modules|\.git|\.venv|__pycache__|\.DS_Store)(\/|$)/;

/** Files of a chooser; with folders if it gave any. */
export function fromInput(list: FileList): Incoming[] {
  return [...list].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** Files and folders that were dropped. Must be called while the event is handled: later the browser has let go of them. */
export async function fromDrop(transfer: DataTransfer): Promise<Incoming[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const found: Incoming[] = [];
  for (const entry of entries) await collect(entry, entry.name, found);
  return found;
}

async function collect(entry: FileSystemEntry, path: string, found: Incoming[]): Promise<void> {
  if (found.length >= mostFiles || skipped.test(path)) return;
  if (entry.isFile) {
    found.push({ path, file: await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)) });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const children = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (children.length === 0) return;
    for (const child of children) await collect(child, `${path}/${child.name}`, found);
  }
}

/** Those that would replace something. */
export function replacing(files: WorkspaceFiles, folder: string, incoming: readonly Incoming[]): string[] {
  return incoming.map(({ path }) => joinPath(folder, path)).filter((path) => files.get(path) !== undefined);
}

/** Puts files into a folder and says how it went. */
export async function upload(files: WorkspaceFiles, folder: string, incoming: readonly Incoming[]): Promise<void> {
  let done = 0;
  const refused: string[] = [];
  for (const { path, file } of incoming) {
    if (skipped.test(path)) continue;
    if (file.size > largest) {
      refused.push(`${path} is larger than 64 MB`);
      continue;
    }
    try {
      files.write(joinPath(folder, path), new Uint8Array(await file.arrayBuffer()), 'explorer');
      done++;
    } catch (error) {
      refused.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (done > 0) tell(done === 1 ? `Uploaded ${incoming[0]?.file.name ?? 'a file'}` : `Uploaded ${done} files`);
  if (refused.length > 0) tellFailure(`${refused.length} not uploaded`, new Error(refused.slice(0, 5).join('\n')));
}

/** Gives a file to the browser as a download. */
export async function downloadFile(files: WorkspaceFiles, path: string): Promise<void> {
  const bytes = await files.readBytes(path);
  const url = URL.createObjectURL(new Blob([new Uint8Array(bytes)]));
  follow(url, nameOf(path));
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Lets the server pack a folder, after it has the newest; '' is the whole workspace. */
export async function downloadZip(files: WorkspaceFiles, folder: string): Promise<void> {
  await files.save();
  const query = folder === '' ? '' : `?path=${encodeURIComponent(folder)}`;
  follow(`/api/workspaces/${files.workspaceId}/archive${query}`, `${nameOf(folder) || 'workspace'}.zip`);
}

function follow(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}
