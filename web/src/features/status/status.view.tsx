import { CircleAlert, TriangleAlert } from 'lucide-react';
import { CommandService } from '@/platform/commands/commands';
import { EditorTabs, TextEditors } from '@/platform/editors';
import { EngineService } from '@/platform/engine';
import { WorkspaceFiles } from '@/platform/files';
import { ProblemService } from '@/platform/problems';
import { StatusDot } from '@/ui/states';
import { useValue } from '@/ui/use-value';
import { StatusEntry } from '@/workbench/status-bar';
import { useService } from '@/workbench/workbench-context';
import { LayoutStoreToken } from '@/workbench/layout-store';
import { engineWords, saveWords } from './words';

export function EngineEntry() {
  const engine = useService(EngineService);
  const state = useValue(engine.state);
  const report = useValue(engine.report);
  const words = engineWords(state);
  const detail = report === null || state.state !== 'idle' ? words.detail : `${words.detail} Started in ${(report.milliseconds / 1000).toFixed(2)} s (${report.boot}).`;
  return (
    <StatusEntry title={detail}>
      <StatusDot tone={words.tone} />
      <span role="status">{words.text}</span>
    </StatusEntry>
  );
}

export function PythonEntry() {
  const report = useValue(useService(EngineService).report);
  return report === null ? null : <StatusEntry wideOnly title={`Pyodide ${report.pyodide}`}>Python {report.python}</StatusEntry>;
}

export function SaveEntry() {
  const files = useService(WorkspaceFiles);
  const commands = useService(CommandService);
  const words = saveWords(useValue(files.saveState));
  return (
    <StatusEntry title={words.detail} onClick={() => commands.run('file.save')}>
      <StatusDot tone={words.tone} />
      <span role="status">{words.text}</span>
    </StatusEntry>
  );
}

export function ProblemsEntry() {
  const problems = useValue(useService(ProblemService).all);
  const layout = useService(LayoutStoreToken);
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const warnings = problems.filter((problem) => problem.severity === 'warning').length;
  return (
    <StatusEntry title="Problems" onClick={() => layout.togglePanel('problems')}>
      <CircleAlert size={12} aria-hidden /> <span aria-label={`${errors} errors`}>{errors}</span>
      <TriangleAlert size={12} aria-hidden className="ml-1" /> <span aria-label={`${warnings} warnings`}>{warnings}</span>
    </StatusEntry>
  );
}

export function CursorEntry() {
  const editors = useService(TextEditors);
  const active = useValue(useService(EditorTabs).active);
  const commands = useService(CommandService);
  const cursor = useValue(editors.cursor);
  if (cursor === null || cursor.path !== active) return null;
  return (
    <StatusEntry title="Go to line" onClick={() => commands.run('quickOpen.line')}>
      <span className="max-sm:hidden">Line {cursor.place.line}, column {cursor.place.column}{cursor.selected > 0 && ` (${cursor.selected} selected)`}</span>
      <span className="sm:hidden">{cursor.place.line}:{cursor.place.column}</span>
    </StatusEntry>
  );
}

export function LanguageEntry() {
  const cursor = useValue(useService(TextEditors).cursor);
  return cursor === null ? null : <StatusEntry wideOnly>{cursor.language}</StatusEntry>;
}
