import { Globe } from 'lucide-react';
import { EngineService } from '@/platform/engine';
import { WorkspaceFiles } from '@/platform/files';
import { ImportInstaller } from '@/platform/run-status';
import { TerminalService } from '@/platform/terminals';
import type { Contribution } from '@/workbench/contribution';
import { LayoutStoreToken } from '@/workbench/layout-store';
import { PreviewService } from './preview-service';
import { createPreviewView } from './preview.view';

/** The preview of a web app. */
export const previewContribution: Contribution = {
  id: 'preview',
  activate({ workspace, services, commands, held, addView }) {
    const layout = services.get(LayoutStoreToken);
    const preview = held.add(
      new PreviewService({
        workspaceId: workspace.id,
        files: services.get(WorkspaceFiles),
        engine: services.get(EngineService),
        installer: services.get(ImportInstaller),
        terminals: services.get(TerminalService),
      }),
    );
    const hear = (event: MessageEvent<unknown>) => preview.hear(event);
    window.addEventListener('message', hear);
    held.addCallback(() => window.removeEventListener('message', hear));
    addView({ id: 'preview', title: 'Preview', place: 'panel', icon: Globe, order: 40, component: createPreviewView(preview) });
    held.add(
      commands.register({
        id: 'preview.start',
        title: 'Preview the web app',
        category: 'Run',
        run: async () => {
          layout.growPanel();
          layout.showPanel('preview');
          await preview.start();
        },
      }),
    );
  },
};
