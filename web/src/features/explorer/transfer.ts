import { joinPath, nameOf } from '@/base/paths';
import type { WorkspaceFiles } from '@/platform/files';
import { showWork, tell, tellFailure } from '@/platform/notifications';

/** A file from the desktop with its place below the folder that it goes to. */
export interface Incoming {
  readonly path: string;
  readonly file: File;
}

const largest = 64 * 1024 * 1024;
const mostFiles = 20_000;
/** Files that are read before they are written together: the tree is drawn once for all of them. */
const atOnce = 64;
const skipped = /(^|\/)(node_modules|\.git|\.venv|__pycache__|\.DS_Store)(\/|$)/;

/** Files of a chooser; with folders if it gave any. */
export function fromInput(list: FileList): Incoming[] {
  return [...list].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** Files and folders that were dropped. Must be called while the event is handled: later the browser has let go of them. */
export async function fromDrop(transfer: DataTransfer): Promise<Incoming[]> {
  const items = [...transfer.items].filter((item) => item.kind === 'file').map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const found: Incoming[] = [];
  for (const { entry, file } of items) {
    if (entry !== null) await collect(entry, entry.name, found);
    else if (file !== null) found.push({ path: file.name, file });
  }
  return found;
}

async function collect(entry: FileSystemEntry, path: string, found: Incoming[]): Promise<void> {
  if (found.length > mostFiles || skipped.test(path)) return;
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

/** Puts files into a folder and says how it went; a person can end it in between. */
export async function upload(files: WorkspaceFiles, folder: string, incoming: readonly Incoming[]): Promise<void> {
  const wanted = incoming.filter(({ path }) => !skipped.test(path));
  if (wanted.length > mostFiles) {
    tellFailure('Nothing was uploaded', new Error(`These are more than ${mostFiles.toLocaleString('en')} files. Upload a part of them, or use "cloche workspace push".`));
    return;
  }
  const refused: string[] = [];
  let done = 0;
  const work = wanted.length > atOnce ? showWork(`Uploading ${wanted.length} files`) : null;
  for (let at = 0; at < wanted.length && work?.signal.aborted !== true; at += atOnce) {
    const contents = await Promise.all(wanted.slice(at, at + atOnce).map(read));
    for (const content of contents) {
      try {
        files.write(joinPath(folder, content.path), bytesOf(content), 'explorer');
        done++;
      } catch (error) {
        refused.push(`${content.path}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    work?.say(`Uploading ${wanted.length} files: ${done} done`);
  }
  work?.end();
  if (done > 0) tell(done === 1 ? `Uploaded ${nameOf(wanted[0]?.path ?? '')}` : work?.signal.aborted === true ? `Stopped after ${done} of ${wanted.length} files` : `Uploaded ${done} files`);
  if (refused.length > 0) tellFailure(`${refused.length} not uploaded`, new Error(refused.slice(0, 5).join('\n')));
}

type Content = { readonly path: string; readonly bytes: Uint8Array } | { readonly path: string; readonly cause: string };

async function read({ path, file }: Incoming): Promise<Content> {
  if (file.size > largest) return { path, cause: 'larger than 64 MB' };
  try {
    return { path, bytes: new Uint8Array(await file.arrayBuffer()) };
  } catch {
    return { path, cause: 'the browser could not read it' };
  }
}

function bytesOf(content: Content): Uint8Array {
  if ('cause' in content) throw new Error(content.cause);
  return content.bytes;
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
