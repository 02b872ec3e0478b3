import { Debouncer, systemClock } from '@/base/async';
import { ValueStore } from '@/base/store';
import { compileTypeScript } from '@/editor';
import { isModule, ModuleInFront } from '@/platform/databases';
import { EditorTabs } from '@/platform/editors';
import { WorkspaceFiles } from '@/platform/files';
import { tell } from '@/platform/notifications';
import { ProblemService } from '@/platform/problems';
import type { Contribution, FeatureContext } from '@/workbench/contribution';
import { makeScripts, ScriptProblem } from './page-scripts';
import { DatabaseModel } from './database-model';
import { createDatabaseDialog } from './database.view';
import { PublishModel } from './publish-model';
import { createPublishDialog } from './publish.view';

/** Publish: the workspace as an app at a URL, a module as a live database. */
export const publishContribution: Contribution = {
  id: 'publish',
  activate(context) {
    const { workspace, services, commands, held, addOverlay } = context;
    const files = services.get(WorkspaceFiles);
    const problems = services.get(ProblemService);
    const model = new PublishModel(workspace, files, (folder) => prepare(files, folder, problems));
    const isOpen = new ValueStore(false);
    addOverlay(createPublishDialog(model, isOpen));
    held.add(
      commands.register({
        id: 'publish.show',
        title: 'Publish',
        category: 'Apps',
        run: async () => {
          isOpen.set(true);
          await model.open();
        },
      }),
    );
    addDatabases(context);
  },
};

const OWNER = 'publish';

/** Makes the pages' JavaScript; mistakes are shown at their places, too. */
async function prepare(files: WorkspaceFiles, folder: string, problems: ProblemService): Promise<void> {
  problems.clear(OWNER);
  try {
    await makeScripts(files, folder, compileTypeScript);
  } catch (error) {
    if (error instanceof ScriptProblem) {
      for (const [path, faults] of Map.groupBy(error.faults, (fault) => fault.path)) {
        problems.set(OWNER, path, faults.map(({ line, column, message }) => ({ path, severity: 'error', message, source: OWNER, code: null, line, column, endLine: line, endColumn: column + 1, unnecessary: false })));
      }
    }
    throw error;
  }
}

function addDatabases({ workspace, services, commands, held, addOverlay }: FeatureContext): void {
  const files = services.get(WorkspaceFiles);
  const { active } = services.get(EditorTabs);
  const model = new DatabaseModel(workspace, files, services.get(ProblemService));
  const inFront = new ValueStore<string | null>(null);
  services.set(ModuleInFront, inFront);
  const look = async () => {
    const path = active.getState();
    const text = path?.endsWith('.py') === true && files.get(path)?.kind === 'file' ? await files.readText(path).catch(() => null) : null;
    if (active.getState() === path) inFront.set(text !== null && isModule(text) ? path : null);
  };
  const soon = held.add(new Debouncer(systemClock, () => void look(), 300, 2000));
  held.addCallback(active.subscribe(() => void look()));
  held.add(
    files.onChange(({ path }) => {
      if (path.endsWith('.py')) model.forgetProblems();
      if (path === active.getState()) soon.trigger();
    }),
  );
  void look();
  addOverlay(createDatabaseDialog(model));
  held.add(
    commands.register({
      id: 'publish.database',
      title: 'Publish database',
      category: 'Databases',
      run: () => {
        const path = inFront.getState();
        if (path === null) tell('Open a Python file that imports cloche first: it becomes the module of the database.');
        else void model.open(path);
      },
    }),
  );
}
