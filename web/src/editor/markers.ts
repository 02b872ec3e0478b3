import * as monaco from 'monaco-editor';
import { DisposableStore, type Disposable } from '@/base/disposable';
import type { Problem, ProblemService, Severity } from '@/platform/problems';
import { pathOf, type ModelStore } from './model-store';

const owner = 'cloche';
const toMarkerSeverity: Record<Severity, monaco.MarkerSeverity> = {
  error: monaco.MarkerSeverity.Error,
  warning: monaco.MarkerSeverity.Warning,
  info: monaco.MarkerSeverity.Info,
  hint: monaco.MarkerSeverity.Hint,
};
const fromMarkerSeverity: Record<number, Severity> = { 8: 'error', 4: 'warning', 2: 'info', 1: 'hint' };

/** Shows problems in the editors, and brings those of Monaco's own languages into the list. */
export function connectMarkers(models: ModelStore, problems: ProblemService): Disposable {
  const held = new DisposableStore();
  const show = () => {
    const byPath = Map.groupBy(problems.all.getState(), (problem) => problem.path);
    for (const [path, model] of models.all()) {
      const own = (byPath.get(path) ?? []).filter((problem) => problem.source !== model.getLanguageId());
      monaco.editor.setModelMarkers(model, owner, own.map(toMarker));
    }
  };
  held.addCallback(problems.all.subscribe(show));
  held.add(models.onOpened(show));
  held.add(
    monaco.editor.onDidChangeMarkers((resources) => {
      for (const resource of resources) {
        const path = pathOf(resource);
        if (path === null) continue;
        const markers = monaco.editor.getModelMarkers({ resource }).filter((marker) => marker.owner !== owner && marker.severity >= monaco.MarkerSeverity.Info);
        problems.set('monaco', path, markers.map((marker) => fromMarker(path, marker)));
      }
    }),
  );
  return held;
}

function toMarker(problem: Problem): monaco.editor.IMarkerData {
  return {
    severity: toMarkerSeverity[problem.severity],
    message: problem.message,
    source: problem.source,
    startLineNumber: problem.line,
    startColumn: problem.column,
    endLineNumber: problem.endLine,
    endColumn: problem.endColumn,
    tags: problem.unnecessary ? [monaco.MarkerTag.Unnecessary] : [],
    ...(problem.code === null ? {} : { code: problem.code }),
  };
}

function fromMarker(path: string, marker: monaco.editor.IMarker): Problem {
  return {
    path,
    severity: fromMarkerSeverity[marker.severity] ?? 'info',
    message: marker.message,
    source: monaco.editor.getModel(marker.resource)?.getLanguageId() ?? marker.owner,
    code: marker.code === undefined ? null : typeof marker.code === 'string' ? marker.code : marker.code.value,
    line: marker.startLineNumber,
    column: marker.startColumn,
    endLine: marker.endLineNumber,
    endColumn: marker.endColumn,
    unnecessary: marker.tags?.includes(monaco.MarkerTag.Unnecessary) ?? false,
  };
}
