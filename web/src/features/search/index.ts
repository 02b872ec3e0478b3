import { Search } from 'lucide-react';
import { TextEditors } from '@/platform/editors';
import type { Contribution } from '@/workbench/contribution';
import { LayoutStoreToken } from '@/workbench/layout-store';
import { searchQuery, SearchView } from './search.view';

/** Find in files. */
export const searchContribution: Contribution = {
  id: 'search',
  activate({ services, commands, keybindings, held, addView }) {
    addView({ id: 'search', title: 'Search', place: 'side', icon: Search, order: 20, component: SearchView });
    held.add(
      commands.register({
        id: 'search.show',
        title: 'Find in files',
        category: 'Files',
        run: () => {
          const cursor = services.get(TextEditors).cursor.getState();
          const selection = cursor !== null && cursor.selected > 0 ? services.get(TextEditors).selection() : null;
          if (selection !== null && !selection.text.includes('\n')) searchQuery.update((query) => ({ ...query, text: selection.text }));
          services.get(LayoutStoreToken).showSide('search');
          setTimeout(() => document.querySelector<HTMLInputElement>('input[aria-label="Find in files"]')?.focus(), 30);
        },
      }),
    );
    held.add(keybindings.register({ keys: 'Ctrl+Shift+F', command: 'search.show' }));
  },
};
