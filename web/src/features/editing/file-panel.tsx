import { FileView, type EditorPool, type ModelStore } from '@/editor';
import { CommandService } from '@/platform/commands/commands';
import { WorkspaceFiles } from '@/platform/files';
import type { FilePanelProps } from '@/workbench/contribution';
import { useService } from '@/workbench/workbench-context';

/** The content of a file's tab, bound to the editors of this session. */
export function createFileComponent(pool: EditorPool, models: ModelStore) {
  return function FilePanel({ path, groupId, isVisible }: FilePanelProps) {
    const files = useService(WorkspaceFiles);
    const commands = useService(CommandService);
    return <FileView path={path} groupId={groupId} isVisible={isVisible} files={files} pool={pool} models={models} onDownload={(target) => commands.run('files.download', target)} />;
  };
}
