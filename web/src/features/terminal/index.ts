import { TerminalSquare } from 'lucide-react';
import { EditorTabs } from '@/platform/editors';
import { EngineService } from '@/platform/engine';
import { WorkspaceFiles } from '@/platform/files';
import { ImportInstaller } from '@/platform/run-status';
import { SettingsService } from '@/platform/settings/settings';
import { TerminalService } from '@/platform/terminals';
import type { Contribution } from '@/workbench/contribution';
import { LayoutStoreToken } from '@/workbench/layout-store';
import { StateKeeperToken } from '@/workbench/state-keeper';
import { Terminals } from './terminals';
import { createTerminalView } from './terminal.view';

/** Terminals: what programs print, and Python line by line. */
export const terminalContribution: Contribution = {
  id: 'terminal',
  activate({ services, commands, keybindings, held, addView }) {
    const layout = services.get(LayoutStoreToken);
    const state = services.get(StateKeeperToken);
    const stored = state.get('history');
    let history: readonly string[] = Array.isArray(stored) ? stored.filter((entry) => typeof entry === 'string') : [];
    state.keep('history', () => newest(history));
    const terminals = held.add(
      new Terminals({
        engine: services.get(EngineService),
        files: services.get(WorkspaceFiles),
        tabs: services.get(EditorTabs),
        settings: services.get(SettingsService),
        installer: () => services.get(ImportInstaller),
        reveal: () => layout.showPanel('terminal'),
        history,
        onHistory: (next) => {
          history = next;
          state.changed();
        },
      }),
    );
    services.set(TerminalService, terminals);
    addView({ id: 'terminal', title: 'Terminal', place: 'panel', icon: TerminalSquare, order: 10, component: createTerminalView(terminals) });
    held.add(commands.register({ id: 'terminal.newPython', title: 'New Python terminal', category: 'Terminal', run: () => terminals.newPython() }));
    held.add(
      commands.register({
        id: 'terminal.find',
        title: 'Find in terminal',
        category: 'Terminal',
        run: () => {
          layout.showPanel('terminal');
          terminals.isSearching.set(true);
        },
      }),
    );
    held.add(commands.register({ id: 'terminal.clear', title: 'Clear terminal', category: 'Terminal', run: () => terminals.clearActive() }));
    held.add(
      commands.register({
        id: 'terminal.toggle',
        title: 'Show or hide the terminal',
        category: 'View',
        run: () => {
          layout.togglePanel('terminal');
          if (layout.getState().isPanelOpen) setTimeout(() => terminals.sessionOf(terminals.active.getState()).surface.focus(), 30);
        },
      }),
    );
    held.add(keybindings.register({ keys: 'Ctrl+`', command: 'terminal.toggle' }));
    held.add(keybindings.register({ keys: 'Ctrl+Shift+`', command: 'terminal.newPython' }));
    held.add(keybindings.register({ keys: 'Ctrl+J', command: 'terminal.toggle' }));
  },
};

/** The newest entries, as many as fit into 16,000 characters. */
function newest(history: readonly string[]): string[] {
  const kept: string[] = [];
  let size = 0;
  for (const entry of [...history].reverse()) {
    size += entry.length + 4;
    if (size > 16_000) break;
    kept.unshift(entry);
  }
  return kept;
}
