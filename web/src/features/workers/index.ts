import { createElement } from 'react';
import { Debouncer, systemClock } from '@/base/async';
import { nameOf } from '@/base/paths';
import { ValueStore } from '@/base/store';
import { EditorTabs } from '@/platform/editors';
import { WorkspaceFiles } from '@/platform/files';
import { tell } from '@/platform/notifications';
import { ProblemService } from '@/platform/problems';
import { tabEngine } from '@/platform/workers';
import { isOfWorker, isWorkerFile, workerFolder, workerFolders } from '@/platform/workers/building';
import { WorkerInFront, type WorkerFront } from '@/platform/workers/worker-in-front';
import type { Contribution } from '@/workbench/contribution';
import { LayoutStoreToken } from '@/workbench/layout-store';
import { WorkerModel } from './worker-model';
import { WorkerDialog } from './worker.view';

/** Workers: built from sources of the workspace, and published. */
export const workersContribution: Contribution = {
  id: 'workers',
  activate({ workspace, services, commands, held, addOverlay }) {
    const files = services.get(WorkspaceFiles);
    const tabs = services.get(EditorTabs);
    const layout = services.get(LayoutStoreToken);
    const model = new WorkerModel(workspace, files, services.get(ProblemService), tabEngine);

    const inFront = new ValueStore<WorkerFront | null>(null);
    services.set(WorkerInFront, inFront);
    const look = async () => {
      const path = tabs.active.getState();
      const front = path === null ? null : await frontOf(files, path);
      const before = inFront.getState();
      if (tabs.active.getState() === path && (before?.path !== front?.path || before?.can !== front?.can)) inFront.set(front);
    };
    const soon = held.add(new Debouncer(systemClock, () => void look(), 300, 2000));
    held.addCallback(tabs.active.subscribe(() => void look()));
    held.addCallback(files.treeVersion.subscribe(() => soon.trigger()));
    held.add(
      files.onChange(({ path }) => {
        if (/\.(ts|c|cc|cpp|cxx|h|hh|hpp|hxx|rs|toml|json)$/.test(path)) model.forgetProblems();
        if (path === tabs.active.getState()) soon.trigger();
      }),
    );
    void look();

    const problemsShown = () => layout.showPanel('problems');
    addOverlay(() => createElement(WorkerDialog, {
      model,
      onPlace: ({ path, line, column, endLine, endColumn }) => {
        problemsShown();
        if (path !== null) tabs.show(path, { place: { line, column }, end: { line: endLine, column: endColumn } });
      },
      onProblems: problemsShown,
    }));

    const build = (path: string | null) => {
      const all = workerFolders(files);
      const at = path === null ? null : workerFolder(files, path);
      const found = at ?? (all.length === 1 ? all[0] : undefined);
      if (found !== undefined) return model.build(found);
      if (all.length > 1) {
        tell(`Open a file of the worker to build: ${all.slice(0, 5).map(({ folder }) => folder || 'the workspace').join(', ')}.`);
        return Promise.resolve();
      }
      tell('There is nothing to build: open a file of AssemblyScript, C, C++ or Rust, or a folder with worker.json.');
      return Promise.resolve();
    };
    const pathOf = (argument: unknown) => (typeof argument === 'string' ? argument : tabs.active.getState());
    held.add(commands.register({ id: 'workers.build', title: 'Build worker', category: 'Workers', run: (argument) => build(pathOf(argument)) }));
    held.add(
      commands.register({
        id: 'workers.publish',
        title: 'Publish worker',
        category: 'Workers',
        run: (argument) => {
          const path = pathOf(argument);
          if (path !== null && isWorkerFile(path)) {
            model.open(path);
            return undefined;
          }
          // its sources: what is published is what they are now
          return build(path);
        },
      }),
    );
  },
};

async function frontOf(files: WorkspaceFiles, path: string): Promise<WorkerFront | null> {
  if (files.get(path)?.kind !== 'file') return null;
  if (isWorkerFile(path)) return { path, can: 'publish' };
  if (!/\.(ts|c|cc|cpp|cxx|h|hh|hpp|hxx|rs)$/.test(path) && !['worker.json', 'asconfig.json', 'Cargo.toml'].includes(nameOf(path))) return null;
  const text = path.endsWith('.ts') ? await files.readText(path).catch(() => null) : '';
  return text !== null && isOfWorker(files, path, text) ? { path, can: 'build' } : null;
}
