import { Files } from 'lucide-react';
import { disposable, type Disposable } from '@/base/disposable';
import { EditorTabs } from '@/platform/editors';
import { WorkspaceFiles } from '@/platform/files';
import type { Contribution } from '@/workbench/contribution';
import { LayoutStoreToken } from '@/workbench/layout-store';
import { StateKeeperToken } from '@/workbench/state-keeper';
import { ExplorerModel } from './explorer-model';
import { createExplorerView } from './explorer.view';
import { downloadFile, downloadZip, fromInput, replacing, upload, type Incoming } from './transfer';
import type { ExplorerActions } from './tree-menu';

/** The tree of files. */
export const explorerContribution: Contribution = {
  id: 'explorer',
  activate({ services, commands, keybindings, held, addView }) {
    const files = services.get(WorkspaceFiles);
    const layout = services.get(LayoutStoreToken);
    const state = services.get(StateKeeperToken);
    const stored = state.get('expanded');
    const expanded = Array.isArray(stored) ? stored.filter((path) => typeof path === 'string').slice(0, 300) : [];
    const model = held.add(new ExplorerModel(files, services.get(EditorTabs), expanded));
    state.keep('expanded', () => [...model.state.getState().expanded].slice(0, 300));
    held.addCallback(model.state.subscribe(() => state.changed()));

    const take = (folder: string, incoming: readonly Incoming[]) => {
      const replaced = replacing(files, folder, incoming);
      if (replaced.length === 0) {
        void upload(files, folder, incoming);
        return;
      }
      model.question.set({
        title: replaced.length === 1 ? `Replace ${replaced[0]}?` : `Replace ${replaced.length} files?`,
        text: 'What is there now will be overwritten.',
        confirm: 'Replace',
        isDanger: true,
        run: () => void upload(files, folder, incoming),
      });
    };
    const choose = (folder: string, isFolder: boolean) => {
      const input = document.createElement('input');
      input.type = 'file';
      input.multiple = true;
      input.webkitdirectory = isFolder;
      input.addEventListener('change', () => {
        if (input.files !== null) take(folder, fromInput(input.files));
      });
      input.click();
    };
    const actions: ExplorerActions = {
      chooseFiles: (folder) => choose(folder, false),
      chooseFolder: (folder) => choose(folder, true),
      take,
      download: (path) => commands.run('files.download', path),
      downloadZip: (folder) => commands.run('files.downloadZip', folder),
      run: (path) => commands.run('run.file', path),
      buildWorker: (path) => commands.run('workers.build', path),
      publishWorker: (path) => commands.run('workers.publish', path),
    };
    addView({ id: 'explorer', title: 'Files', place: 'side', icon: Files, order: 10, component: createExplorerView(model, actions) });

    held.add(refuseStrayDrops(() => model.setDropFolder(null)));
    const show = () => layout.showSide('explorer');
    const named = (argument: unknown) => (typeof argument === 'string' ? argument : (services.get(EditorTabs).active.getState() ?? ''));
    const all = [
      commands.register({ id: 'files.show', title: 'Show files', category: 'View', run: show }),
      commands.register({ id: 'files.new', title: 'New file', category: 'Files', run: () => { show(); model.beginNaming('file'); } }),
      commands.register({ id: 'files.newFolder', title: 'New folder', category: 'Files', run: () => { show(); model.beginNaming('folder'); } }),
      commands.register({ id: 'files.upload', title: 'Upload files', category: 'Files', run: () => choose(model.targetFolder(), false) }),
      commands.register({ id: 'files.uploadFolder', title: 'Upload folder', category: 'Files', run: () => choose(model.targetFolder(), true) }),
      commands.register({ id: 'files.download', title: 'Download file', category: 'Files', run: (path) => downloadFile(files, named(path)) }),
      commands.register({ id: 'files.downloadZip', title: 'Download workspace as zip', category: 'Files', run: (folder) => downloadZip(files, typeof folder === 'string' ? folder : '') }),
    ];
    for (const command of all) held.add(command);
    held.add(keybindings.register({ keys: 'Ctrl+Shift+E', command: 'files.show' }));
    held.add(keybindings.register({ keys: 'Alt+N', command: 'files.new' }));
  },
};

/** A file that misses the tree would make the browser leave the page and show it. */
function refuseStrayDrops(left: () => void): Disposable {
  const refuse = (event: DragEvent) => {
    if (event.defaultPrevented) return;
    left();
    if (event.dataTransfer?.types.includes('Files') !== true) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'none';
  };
  for (const type of ['dragover', 'drop'] as const) window.addEventListener(type, refuse);
  return disposable(() => {
    for (const type of ['dragover', 'drop'] as const) window.removeEventListener(type, refuse);
  });
}
