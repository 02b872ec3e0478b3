import { ChartLine } from 'lucide-react';
import { ValueStore } from '@/base/store';
import { EngineService } from '@/platform/engine';
import { ShownService } from '@/platform/run-status';
import type { Contribution } from '@/workbench/contribution';
import { LayoutStoreToken } from '@/workbench/layout-store';
import { createOutputView } from './output.view';
import { ShownStore } from './shown-store';

/** Plots and tables. The newest is brought to the front by itself. */
export const outputContribution: Contribution = {
  id: 'output',
  activate({ services, commands, held, addView }) {
    const layout = services.get(LayoutStoreToken);
    const store = held.add(
      new ShownStore(services.get(EngineService), () => {
        layout.growPanel();
        layout.showPanel('output');
      }),
    );
    services.set(ShownService, store);
    const count = new ValueStore(0);
    held.addCallback(store.all.subscribe(() => count.set(store.all.getState().length)));
    addView({ id: 'output', title: 'Plots', place: 'panel', icon: ChartLine, order: 30, component: createOutputView(store), badge: count });
    held.add(commands.register({ id: 'output.show', title: 'Show plots', category: 'View', run: () => layout.showPanel('output') }));
    held.add(commands.register({ id: 'output.clear', title: 'Clear plots', category: 'Run', run: () => store.clear() }));
  },
};
