import { Settings } from 'lucide-react';
import { SettingsService } from '@/platform/settings/settings';
import { chooseTheme, theme } from '@/platform/theme';
import type { Contribution } from '@/workbench/contribution';
import { LayoutStoreToken } from '@/workbench/layout-store';
import { SettingsView } from './settings.view';

/** Settings, and commands that switch the most wanted ones. */
export const settingsContribution: Contribution = {
  id: 'settings',
  activate({ services, commands, keybindings, held, addView }) {
    const layout = services.get(LayoutStoreToken);
    const settings = services.get(SettingsService);
    addView({ id: 'settings', title: 'Settings', place: 'side', icon: Settings, order: 90, component: SettingsView });
    const all = [
      commands.register({ id: 'settings.show', title: 'Show settings', category: 'View', run: () => layout.showSide('settings') }),
      commands.register({ id: 'settings.vim', title: 'Switch Vim keys on or off', category: 'Editor', run: () => settings.set('vim', !settings.store.getState().vim) }),
      commands.register({ id: 'settings.wrap', title: 'Switch wrapping of long lines', category: 'Editor', run: () => settings.set('wordWrap', !settings.store.getState().wordWrap) }),
      commands.register({ id: 'settings.theme', title: 'Switch between light and dark', category: 'View', run: () => chooseTheme(theme.getState().effective === 'dark' ? 'light' : 'dark') }),
      commands.register({ id: 'layout.side', title: 'Show or hide the side bar', category: 'View', run: () => layout.toggleSide(layout.getState().side ?? layout.getState().lastSide) }),
      commands.register({ id: 'layout.panel', title: 'Show or hide the panel', category: 'View', run: () => layout.togglePanel() }),
    ];
    for (const command of all) held.add(command);
    for (const [keys, command] of [['Ctrl+,', 'settings.show'], ['Alt+Z', 'settings.wrap'], ['Ctrl+B', 'layout.side']] as const) {
      held.add(keybindings.register({ keys, command }));
    }
  },
};
