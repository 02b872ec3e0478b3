import { DisposableStore } from '@/base/disposable';
import { EditorPool, ModelStore, Ruff, setUpMonaco } from '@/editor';
import { editingContribution } from '@/features/editing';
import { explorerContribution } from '@/features/explorer';
import { outputContribution } from '@/features/output';
import { packagesContribution } from '@/features/packages';
import { previewContribution } from '@/features/preview';
import { problemsContribution } from '@/features/problems';
import { publishContribution } from '@/features/publish';
import { quickOpenContribution } from '@/features/quick-open';
import { runContribution } from '@/features/run';
import { searchContribution } from '@/features/search';
import { settingsContribution } from '@/features/settings';
import { statusContribution } from '@/features/status';
import { terminalContribution } from '@/features/terminal';
import { workersContribution } from '@/features/workers';
import { api, data } from '@/platform/api';
import { EngineSession, openEngineFrame } from '@/platform/engine';
import { HttpFileRemote, IndexedDbJournal, WorkspaceClient, type Journal } from '@/platform/files';
import { tellFailure } from '@/platform/notifications';
import { HttpPackageService } from '@/platform/packages/package-service';
import { LocalSettings } from '@/platform/settings/settings';
import type { Workspace } from './contribution';
import { StateKeeper } from './state-keeper';
import { WorkspaceSession } from './workspace-session';

/** Opens a workspace: the parts list of the IDE. The engine starts in the background. */
export async function openWorkspace(workspaceId: string): Promise<WorkspaceSession> {
  setUpMonaco();
  const path = { id: workspaceId };
  const system = data(api.GET('/api/system'));
  const [{ workspace }, files, state] = await Promise.all([
    data(api.GET('/api/workspaces/{id}', { params: { path } })),
    openFiles(workspaceId),
    StateKeeper.load(workspaceId),
  ]);
  const packages = new HttpPackageService(workspaceId);
  const settings = new LocalSettings(localStorage);
  const engine = new EngineSession({
    files,
    openFrame: async () => openEngineFrame((await system).origins.host.replace('{id}', workspaceId)),
    setup: async () => ({ wheels: (await packages.load()).wheels, environment: environmentOf(workspace) }),
    onUnkept: (file, cause) => tellFailure(`${file} was written by the program but cannot be kept`, cause),
  });
  const models = new ModelStore(files);
  const ruff = new Ruff();
  const pool = new EditorPool(models, settings.store, async (file) => {
    const text = await files.readText(file);
    if (text !== null && file.endsWith('.py')) models.replace(file, await ruff.format(text));
    else pool.action('editor.action.formatDocument');
  });
  const held = new DisposableStore();
  for (const part of [models, ruff, pool]) held.add(part);
  const session = new WorkspaceSession({ workspace, files, engine, packages, settings, state, editors: pool, held });
  session.activate([
    editingContribution({ pool, models, ruff }),
    terminalContribution,
    runContribution,
    explorerContribution,
    searchContribution,
    packagesContribution,
    problemsContribution,
    outputContribution,
    previewContribution,
    settingsContribution,
    publishContribution,
    workersContribution,
    quickOpenContribution,
    statusContribution,
  ]);
  void packages.load();
  engine.start().catch(() => undefined);
  return session;
}

async function openFiles(workspaceId: string): Promise<WorkspaceClient> {
  const journal: Journal = await IndexedDbJournal.open(workspaceId).catch((error: unknown) => {
    tellFailure('This browser keeps no journal: what you type is safe only once it is saved', error);
    return brokenJournal;
  });
  return WorkspaceClient.open({ workspaceId, remote: new HttpFileRemote(workspaceId), journal });
}

/** For browsers without IndexedDB: every write fails, so that leaving with unsaved changes is asked about. */
const brokenJournal: Journal = {
  adopt: () => Promise.resolve([]),
  update: (put) => (put.length > 0 ? Promise.reject(new Error('no journal')) : Promise.resolve()),
  close: () => undefined,
};

function environmentOf(workspace: Workspace): Record<string, string> {
  return { ...workspace.config.environment };
}
