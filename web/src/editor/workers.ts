import editorWorker from 'monaco-editor/editor/editor.worker?worker&url';
import cssWorker from 'monaco-editor/languages/features/css/css.worker?worker&url';
import htmlWorker from 'monaco-editor/languages/features/html/html.worker?worker&url';
import jsonWorker from 'monaco-editor/languages/features/json/json.worker?worker&url';
import tsWorker from 'monaco-editor/languages/features/typescript/ts.worker?worker&url';
import { trustPolicy } from '@/base/trusted-types';

/** Only scripts of this build may become workers. In the development server they are not below /assets/. */
function checkedUrl(url: string): string {
  const target = new URL(url, location.href);
  const isOwn = target.origin === location.origin && (import.meta.env.DEV || target.pathname.startsWith('/assets/'));
  if (!isOwn) throw new TypeError(`Not a worker of this application: ${target.href}`);
  return target.href;
}

const policy = trustPolicy('cloche-worker', { createScriptURL: checkedUrl });

/** Starts a worker from a script of this build. */
export function startWorker(url: string, options?: WorkerOptions): Worker {
  return new Worker(policy.createScriptURL(url), options);
}

const byLabel: Record<string, string> = {
  css: cssWorker,
  scss: cssWorker,
  less: cssWorker,
  html: htmlWorker,
  handlebars: htmlWorker,
  razor: htmlWorker,
  json: jsonWorker,
  typescript: tsWorker,
  javascript: tsWorker,
};

/** Tells Monaco where its workers are; before the first editor is made. */
export function provideMonacoWorkers(): void {
  self.MonacoEnvironment = { getWorker: (_id, label) => startWorker(byLabel[label] ?? editorWorker, { type: 'module', name: label }) };
}
