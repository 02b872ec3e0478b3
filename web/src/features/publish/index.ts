import { ValueStore } from '@/base/store';
import { WorkspaceFiles } from '@/platform/files';
import type { Contribution } from '@/workbench/contribution';
import { PublishModel } from './publish-model';
import { createPublishDialog } from './publish.view';

/** Publish: the workspace as an app at a URL. */
export const publishContribution: Contribution = {
  id: 'publish',
  activate({ workspace, services, commands, held, addOverlay }) {
    const model = new PublishModel(workspace, services.get(WorkspaceFiles));
    const isOpen = new ValueStore(false);
    addOverlay(createPublishDialog(model, isOpen));
    held.add(
      commands.register({
        id: 'publish.show',
        title: 'Publish',
        category: 'Apps',
        run: async () => {
          isOpen.set(true);
          await model.open();
        },
      }),
    );
  },
};
