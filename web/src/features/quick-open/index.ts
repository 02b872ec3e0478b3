import type { Contribution } from '@/workbench/contribution';
import { QuickOpen, quickOpen } from './quick-open.view';

/** Go to a file by its name, or do something by its name. */
export const quickOpenContribution: Contribution = {
  id: 'quickOpen',
  activate({ commands, keybindings, held, addOverlay }) {
    held.add(commands.register({ id: 'quickOpen.show', title: 'Go to file', category: 'Files', run: () => quickOpen.set({ text: '' }) }));
    held.add(commands.register({ id: 'palette.show', title: 'Show all commands', category: 'View', run: () => quickOpen.set({ text: '>' }) }));
    held.add(commands.register({ id: 'quickOpen.line', title: 'Go to line', category: 'Editor', run: () => quickOpen.set({ text: ':' }) }));
    for (const [keys, command] of [['Ctrl+P', 'quickOpen.show'], ['Ctrl+Shift+P', 'palette.show'], ['F1', 'palette.show'], ['Ctrl+G', 'quickOpen.line']] as const) {
      held.add(keybindings.register({ keys, command }));
    }
    held.addCallback(() => quickOpen.set(null));
    addOverlay(QuickOpen);
  },
};
