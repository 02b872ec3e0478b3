import { Package } from 'lucide-react';
import { EngineService } from '@/platform/engine';
import { PackageService } from '@/platform/packages/package-service';
import type { Contribution } from '@/workbench/contribution';
import { LayoutStoreToken } from '@/workbench/layout-store';
import { PackagesModel } from './packages-model';
import { createPackagesView } from './packages.view';

/** Python packages of the workspace. */
export const packagesContribution: Contribution = {
  id: 'packages',
  activate({ services, commands, held, addView }) {
    const layout = services.get(LayoutStoreToken);
    const model = new PackagesModel(services.get(PackageService), services.get(EngineService));
    addView({ id: 'packages', title: 'Packages', place: 'side', icon: Package, order: 30, component: createPackagesView(model) });
    held.add(commands.register({ id: 'packages.show', title: 'Show packages', category: 'View', run: () => layout.showSide('packages') }));
    held.add(
      commands.register({
        id: 'packages.search',
        run: (name) => {
          layout.showSide('packages');
          model.setSearch(String(name));
        },
      }),
    );
    held.add(
      commands.register({
        id: 'packages.install',
        run: async (names) => {
          const wanted = Array.isArray(names) ? names.map(String) : [String(names)];
          if (!(await model.install(wanted))) layout.showSide('packages');
        },
      }),
    );
  },
};
