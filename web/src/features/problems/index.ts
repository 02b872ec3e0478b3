import { CircleAlert } from 'lucide-react';
import { ValueStore } from '@/base/store';
import { ProblemService } from '@/platform/problems';
import type { Contribution } from '@/workbench/contribution';
import { LayoutStoreToken } from '@/workbench/layout-store';
import { ProblemsView } from './problems.view';

/** The list of problems. */
export const problemsContribution: Contribution = {
  id: 'problems',
  activate({ services, commands, keybindings, held, addView }) {
    const problems = services.get(ProblemService);
    const count = new ValueStore(0);
    held.addCallback(problems.all.subscribe(() => count.set(problems.all.getState().filter((problem) => problem.severity !== 'hint').length)));
    addView({ id: 'problems', title: 'Problems', place: 'panel', icon: CircleAlert, order: 20, component: ProblemsView, badge: count });
    held.add(commands.register({ id: 'problems.show', title: 'Show problems', category: 'View', run: () => services.get(LayoutStoreToken).showPanel('problems') }));
    held.add(keybindings.register({ keys: 'Ctrl+Shift+M', command: 'problems.show' }));
  },
};
