import { nameOf } from '@/base/paths';
import { connectMarkers, PythonChecks, PythonLanguage, packageStubs, registerFormatter, registerInstallAction, registerPythonProviders, routeOpenings, startPyright, TypeScriptSources, type EditorPool, type ModelStore, type Ruff } from '@/editor';
import { pathOf } from '@/editor/model-store';
import { EditorTabs, TextEditors } from '@/platform/editors';
import { EngineService } from '@/platform/engine';
import { WorkspaceFiles } from '@/platform/files';
import { tell } from '@/platform/notifications';
import { PackageService } from '@/platform/packages/package-service';
import { ProblemService } from '@/platform/problems';
import { SettingsService } from '@/platform/settings/settings';
import type { Contribution, FeatureContext } from '@/workbench/contribution';
import { createFileComponent } from './file-panel';

export interface EditingParts {
  readonly pool: EditorPool;
  readonly models: ModelStore;
  readonly ruff: Ruff;
}

/** Files as tabs with texts, their languages and their checks. */
export function editingContribution(parts: EditingParts): Contribution {
  return {
    id: 'editing',
    activate(context) {
      const { services, held, setFileComponent } = context;
      services.set(TextEditors, parts.pool);
      parts.pool.vimActions = { save: () => context.commands.run('file.save'), close: () => context.commands.run('editor.close') };
      setFileComponent(createFileComponent(parts.pool, parts.models));
      const tabs = services.get(EditorTabs);
      held.add(routeOpenings((path, place) => tabs.show(path, { place })));
      held.add(tabs.onGroupRemoved((id) => parts.pool.removeGroup(id)));
      held.add(tabs.onClosed((path) => parts.models.close(path)));
      held.add(connectMarkers(parts.models, services.get(ProblemService)));
      held.add(registerFormatter(parts.ruff));
      registerCommands(context);
      const scripts = held.add(new TypeScriptSources(services.get(WorkspaceFiles)));
      held.add(parts.models.onOpened((model) => model.getLanguageId() === 'typescript' && scripts.start()));
      startPythonWhenNeeded(context, parts);
    },
  };
}

function startPythonWhenNeeded(context: FeatureContext, { models, ruff }: EditingParts): void {
  const { services, held, commands, workspace } = context;
  const files = services.get(WorkspaceFiles);
  const packages = services.get(PackageService);
  const settings = services.get(SettingsService);
  const engine = services.get(EngineService);
  const language = held.add(
    new PythonLanguage({
      files,
      start: startPyright,
      packageFiles: async () => packageStubs((await packages.load()).wheels),
      typeChecking: () => settings.store.getState().typeChecking,
      pythonVersion: /^\d+\.\d+/.exec(workspace.config.environment?.['PYTHON_VERSION'] ?? '')?.[0] ?? '3.14',
    }),
  );
  const checks = held.add(new PythonChecks({ files, language, ruff, packages, problems: services.get(ProblemService) }));
  held.add(registerPythonProviders(language, (path) => models.open(path)));
  held.add(registerInstallAction((name) => commands.run('packages.install', [name])));
  held.add(
    models.onOpened((model) => {
      const path = pathOf(model.uri);
      if (path === null || model.getLanguageId() !== 'python') return;
      checks.opened(path);
      // the editor and the engine come first: the checkers would take their processor time
      const begin = () => void language.start().catch(() => undefined);
      engine.start().then(begin, begin);
    }),
  );
  let installed = packages.state.getState().wheels;
  let level = settings.store.getState().typeChecking;
  held.addCallback(
    packages.state.subscribe(() => {
      const { wheels, loading } = packages.state.getState();
      const before = installed;
      installed = wheels;
      const isOther = wheels.length !== before.length || wheels.some((wheel, index) => wheel.sha256 !== before[index]?.sha256);
      if (!loading && isOther && before.length > 0) void language.restart().catch(() => undefined);
    }),
  );
  held.addCallback(
    settings.store.subscribe(() => {
      const next = settings.store.getState().typeChecking;
      if (next !== level) void language.restart().catch(() => undefined);
      level = next;
    }),
  );
}

function registerCommands({ commands, keybindings, services, held }: FeatureContext): void {
  const tabs = services.get(EditorTabs);
  const editors = services.get(TextEditors);
  const files = services.get(WorkspaceFiles);
  const settings = services.get(SettingsService);
  const hasFile = () => tabs.active.getState() !== null;
  const save = async () => {
    const path = tabs.active.getState();
    if (settings.store.getState().formatOnSave && path?.endsWith('.py') === true) await editors.format(path).catch(() => undefined);
    await files.save();
  };
  const action = (id: string, title: string, editorAction: string) =>
    commands.register({ id, title, category: 'Editor', isEnabled: hasFile, run: () => editors.action(editorAction) });
  const all = [
    commands.register({ id: 'file.save', title: 'Save now', category: 'Files', run: save }),
    commands.register({
      id: 'editor.format',
      title: 'Format document',
      category: 'Editor',
      isEnabled: hasFile,
      run: async () => {
        const path = tabs.active.getState();
        if (path === null) return;
        await editors.format(path);
        tell(`Formatted ${nameOf(path)}`);
      },
    }),
    commands.register({ id: 'editor.close', title: 'Close editor', category: 'Editor', isEnabled: hasFile, run: () => tabs.close(tabs.active.getState() ?? '') }),
    commands.register({ id: 'editor.closeAll', title: 'Close all editors', category: 'Editor', run: () => tabs.closeAll() }),
    commands.register({ id: 'editor.splitRight', title: 'Split editor right', category: 'Editor', isEnabled: hasFile, run: () => tabs.split('right') }),
    commands.register({ id: 'editor.splitBelow', title: 'Split editor below', category: 'Editor', isEnabled: hasFile, run: () => tabs.split('below') }),
    commands.register({ id: 'editor.next', title: 'Next editor', category: 'Editor', run: () => tabs.next(1) }),
    commands.register({ id: 'editor.previous', title: 'Previous editor', category: 'Editor', run: () => tabs.next(-1) }),
    action('editor.find', 'Find in file', 'actions.find'),
    action('editor.replace', 'Replace in file', 'editor.action.startFindReplaceAction'),
    action('editor.rename', 'Rename symbol', 'editor.action.rename'),
    action('editor.definition', 'Go to definition', 'editor.action.revealDefinition'),
    action('editor.references', 'Find references', 'editor.action.goToReferences'),
    action('editor.symbols', 'Go to symbol', 'editor.action.quickOutline'),
    action('editor.comment', 'Toggle line comment', 'editor.action.commentLine'),
  ];
  for (const command of all) held.add(command);
  for (const [keys, command] of [
    ['Ctrl+S', 'file.save'],
    ['Alt+Shift+F', 'editor.format'],
    ['Alt+W', 'editor.close'],
    ['Ctrl+\\', 'editor.splitRight'],
    ['Ctrl+PageDown', 'editor.next'],
    ['Ctrl+PageUp', 'editor.previous'],
    ['Ctrl+Shift+O', 'editor.symbols'],
  ] as const) {
    held.add(keybindings.register({ keys, command }));
  }
}
