import { isWorkerFile } from '@/platform/workers/building';
import type { MenuItem } from '@/ui/menu';
import type { ExplorerModel } from './explorer-model';
import type { Incoming } from './transfer';

/** What the tree can start that lies outside of it. */
export interface ExplorerActions {
  chooseFiles(folder: string): void;
  chooseFolder(folder: string): void;
  take(folder: string, incoming: readonly Incoming[]): void;
  download(path: string): void;
  downloadZip(folder: string): void;
  run(path: string): void;
  buildWorker(path: string): void;
  publishWorker(path: string): void;
  openMenu?: () => void;
}

/** The context menu of an entry; null is the empty space below the tree. */
export function menuItems(path: string | null, model: ExplorerModel, actions: ExplorerActions): (MenuItem | null)[] {
  const node = path === null ? undefined : model.files.get(path);
  const folder = path === null ? '' : model.targetFolder(path);
  const items: (MenuItem | null)[] = [];
  if (node?.kind === 'file') {
    items.push({ label: 'Open', onSelect: () => model.tabs.show(node.path) });
    items.push({ label: 'Open to the right', onSelect: () => model.tabs.show(node.path, { split: 'right' }) });
    if (node.path.endsWith('.py')) items.push({ label: 'Run this file', onSelect: () => actions.run(node.path) });
    if (isWorkerFile(node.path)) items.push({ label: 'Publish worker', onSelect: () => actions.publishWorker(node.path) });
    items.push(null);
  }
  if (node?.kind === 'folder' && model.files.get(`${node.path}/worker.json`)?.kind === 'file') {
    items.push({ label: 'Build worker', onSelect: () => actions.buildWorker(node.path) });
    items.push(null);
  }
  items.push({ label: 'New file', onSelect: () => model.beginNaming('file', path) });
  items.push({ label: 'New folder', onSelect: () => model.beginNaming('folder', path) });
  items.push({ label: 'Upload files…', onSelect: () => actions.chooseFiles(folder) });
  items.push({ label: 'Upload folder…', onSelect: () => actions.chooseFolder(folder) });
  items.push(null);
  if (node?.kind === 'file') items.push({ label: 'Download', onSelect: () => actions.download(node.path) });
  else items.push({ label: path === null ? 'Download workspace as zip' : 'Download folder as zip', onSelect: () => actions.downloadZip(path ?? '') });
  if (node !== undefined) {
    items.push({ label: 'Copy path', onSelect: () => void navigator.clipboard.writeText(node.path) });
    items.push(null);
    items.push({ label: 'Rename', shortcut: 'F2', onSelect: () => model.beginNaming('rename', node.path) });
    items.push({ label: 'Delete', shortcut: 'Del', danger: true, onSelect: () => model.askRemove(model.affected(node.path)) });
  }
  return items;
}
