import { ValueStore } from '@/base/store';
import { TextEditors, EditorTabs } from '@/platform/editors';
import { EngineService } from '@/platform/engine';
import { WorkspaceFiles } from '@/platform/files';
import { PackageService } from '@/platform/packages/package-service';
import { tell } from '@/platform/notifications';
import { RunArguments, RunArgumentsToken } from '@/platform/run-arguments';
import { ImportInstaller } from '@/platform/run-status';
import { SettingsService } from '@/platform/settings/settings';
import { TerminalService } from '@/platform/terminals';
import type { Contribution } from '@/workbench/contribution';
import { StateKeeperToken } from '@/workbench/state-keeper';
import { createArgumentsDialog } from './arguments.view';
import { PackageImportInstaller } from './import-installer';
import { RunService } from './run-service';

/** Run, Run selection, Stop, Restart engine. */
export const runContribution: Contribution = {
  id: 'run',
  activate({ services, commands, keybindings, held, addOverlay }) {
    const engine = services.get(EngineService);
    const files = services.get(WorkspaceFiles);
    const installer = services.set(ImportInstaller, new PackageImportInstaller(files, services.get(PackageService), engine, services.get(SettingsService)));
    const state = services.get(StateKeeperToken);
    const programArguments = services.set(RunArgumentsToken, held.add(new RunArguments(state.get('arguments'), files)));
    state.keep('arguments', () => programArguments.lines.getState());
    held.addCallback(programArguments.lines.subscribe(() => state.changed()));
    const asked = new ValueStore<string | null>(null);
    addOverlay(createArgumentsDialog(asked));
    const terminals = services.get(TerminalService);
    const run = new RunService({ files, engine, commands, installer, programArguments, terminals, tabs: services.get(EditorTabs), editors: services.get(TextEditors) });
    const isRunning = () => engine.state.getState().state === 'running';
    const all = [
      commands.register({ id: 'run.file', title: 'Run', category: 'Run', run: (path) => run.runFile(typeof path === 'string' ? path : undefined) }),
      commands.register({
        id: 'run.arguments',
        title: 'Program arguments',
        category: 'Run',
        run: () => {
          const path = run.target();
          if (path === null) tell('Open a Python file first: arguments are kept for the one in front.');
          else asked.set(path);
        },
      }),
      commands.register({ id: 'run.selection', title: 'Run selection', category: 'Run', run: () => run.runSelection() }),
      commands.register({ id: 'run.stop', title: 'Stop', category: 'Run', isEnabled: isRunning, run: () => run.stop() }),
      commands.register({ id: 'run.hardStop', title: 'End Python at once', category: 'Run', run: () => run.hardStop() }),
      commands.register({
        id: 'engine.restart',
        title: 'Restart engine',
        category: 'Run',
        run: async () => {
          const terminal = terminals.output(false);
          terminal.note('Restarting Python …');
          await engine.restart();
          terminal.note('Python is ready.', 'good');
        },
      }),
      commands.register({ id: 'engine.useHere', title: 'Use the engine here', category: 'Run', isEnabled: () => engine.state.getState().state === 'blocked', run: () => engine.start(true) }),
    ];
    for (const command of all) held.add(command);
    for (const [keys, command] of [['F5', 'run.file'], ['Ctrl+Enter', 'run.file'], ['Ctrl+Shift+Enter', 'run.selection'], ['Shift+F5', 'run.stop']] as const) {
      held.add(keybindings.register({ keys, command }));
    }
  },
};
