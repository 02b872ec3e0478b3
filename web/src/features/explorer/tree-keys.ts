import type { KeyboardEvent } from 'react';
import { nameOf, parentOf } from '@/base/paths';
import type { ExplorerModel } from './explorer-model';
import type { Row } from './rows';
import type { ExplorerActions } from './tree-menu';

const page = 15;

/** Keys of the tree, as the ARIA tree pattern and file managers have them. */
export function treeKey(event: KeyboardEvent, rows: readonly Row[], model: ExplorerModel, actions: ExplorerActions): void {
  const { focused } = model.state.getState();
  const at = rows.findIndex((row) => row.path === focused);
  const row = rows[at];
  const go = (to: number) => {
    const target = rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (target !== undefined) model.select(target.path, event.shiftKey ? 'range' : 'only');
  };
  const action = actionOf(event);
  if (action === null) return;
  event.preventDefault();
  switch (action) {
    case 'down':
      return go(at + 1);
    case 'up':
      return go(Math.max(0, at - 1));
    case 'pageDown':
      return go(at + page);
    case 'pageUp':
      return go(at - page);
    case 'first':
      return go(0);
    case 'last':
      return go(rows.length - 1);
    case 'right':
      if (row?.kind === 'folder' && !row.isExpanded) model.setExpanded(row.path, true);
      else if (row?.kind === 'folder') go(at + 1);
      return;
    case 'left':
      if (row?.isExpanded === true) model.setExpanded(row.path, false);
      else if (row !== undefined && parentOf(row.path) !== '') model.select(parentOf(row.path));
      return;
    case 'open':
      if (row?.kind === 'folder') model.setExpanded(row.path, !row.isExpanded);
      else if (row !== undefined) model.tabs.show(row.path, { focus: event.key === 'Enter', preview: event.key !== 'Enter' });
      return;
    case 'rename':
      return model.beginNaming('rename');
    case 'delete':
      return model.askRemove(model.affected(null));
    case 'all':
      return model.state.update((state) => ({ ...state, selected: new Set(rows.map((each) => each.path)) }));
    case 'menu':
      return actions.openMenu?.();
    case 'type': {
      const found = [...rows.slice(at + 1), ...rows.slice(0, at + 1)].find((each) => nameOf(each.path).toLowerCase().startsWith(event.key.toLowerCase()));
      if (found !== undefined) model.select(found.path);
    }
  }
}

type TreeAction = 'down' | 'up' | 'pageDown' | 'pageUp' | 'first' | 'last' | 'right' | 'left' | 'open' | 'rename' | 'delete' | 'all' | 'menu' | 'type';

const plain: Readonly<Record<string, TreeAction>> = {
  ArrowDown: 'down',
  ArrowUp: 'up',
  PageDown: 'pageDown',
  PageUp: 'pageUp',
  Home: 'first',
  End: 'last',
  ArrowRight: 'right',
  ArrowLeft: 'left',
  Enter: 'open',
  ' ': 'open',
  F2: 'rename',
  Delete: 'delete',
};

function actionOf(event: KeyboardEvent): TreeAction | null {
  if (event.ctrlKey || event.metaKey) return event.key.toLowerCase() === 'a' ? 'all' : null;
  if (event.altKey) return null;
  const known = plain[event.key];
  if (known !== undefined) return known;
  return event.key.length === 1 ? 'type' : null;
}
