import * as monaco from 'monaco-editor';
import { DisposableStore, type Disposable } from '@/base/disposable';
import { pathOf, uriOf } from '../model-store';
import { toCompletion, toEdits, toLspPosition, toMarkdown, toRange, toSymbol, type OriginItem } from './convert';
import { lspUri, pathOfLsp, type PythonLanguage } from './python-language';
import type { LspCompletionItem, LspCompletionList, LspHover, LspLocation, LspSignatureHelp, LspSymbol, LspTextEdit, LspWorkspaceEdit } from './lsp-types';

/** Connects Monaco's Python features with the language service. */
export function registerPythonProviders(language: PythonLanguage, openModel: (path: string) => Promise<unknown>): Disposable {
  const held = new DisposableStore();
  const ask = async <T>(method: string, model: monaco.editor.ITextModel, position: monaco.IPosition | null, token: monaco.CancellationToken, more: object = {}): Promise<T | null> => {
    const path = pathOf(model.uri);
    if (path === null) return null;
    const params = { textDocument: { uri: lspUri(path) }, ...(position === null ? {} : { position: toLspPosition(position) }), ...more };
    const answer = await language.ask<T>(method, params, (cancel) => held.add(token.onCancellationRequested(cancel))).catch(() => null);
    return token.isCancellationRequested ? null : answer;
  };
  const { languages } = monaco;

  held.add(
    languages.registerCompletionItemProvider('python', {
      triggerCharacters: ['.', '[', '"', "'"],
      async provideCompletionItems(model, position, context, token) {
        const trigger = context.triggerCharacter === undefined ? { triggerKind: 1 } : { triggerKind: 2, triggerCharacter: context.triggerCharacter };
        const answer = await ask<LspCompletionList | LspCompletionItem[]>('textDocument/completion', model, position, token, { context: trigger });
        if (answer === null) return null;
        const list = 'items' in answer ? answer : { isIncomplete: false, items: answer };
        const until = model.getWordUntilPosition(position);
        const word = new monaco.Range(position.lineNumber, until.startColumn, position.lineNumber, position.column);
        return { incomplete: list.isIncomplete, suggestions: list.items.map((item) => toCompletion(item, word)) };
      },
      async resolveCompletionItem(item) {
        const resolved = await language.ask<LspCompletionItem>('completionItem/resolve', (item as OriginItem).origin).catch(() => null);
        return resolved === null ? item : { ...toCompletion(resolved, item.range as monaco.IRange), range: item.range, insertText: item.insertText };
      },
    }),
  );
  held.add(
    languages.registerHoverProvider('python', {
      async provideHover(model, position, token) {
        const hover = await ask<LspHover>('textDocument/hover', model, position, token);
        if (hover === null) return null;
        const contents = (Array.isArray(hover.contents) ? hover.contents : [hover.contents]) as Parameters<typeof toMarkdown>[0][];
        return { contents: contents.map(toMarkdown), ...(hover.range === undefined ? {} : { range: toRange(hover.range) }) };
      },
    }),
  );
  held.add(
    languages.registerSignatureHelpProvider('python', {
      signatureHelpTriggerCharacters: ['(', ','],
      signatureHelpRetriggerCharacters: [')'],
      async provideSignatureHelp(model, position, token) {
        const help = await ask<LspSignatureHelp>('textDocument/signatureHelp', model, position, token);
        if (help === null || help.signatures.length === 0) return null;
        const signatures = help.signatures.map((signature) => ({
          label: signature.label,
          ...(signature.documentation === undefined ? {} : { documentation: toMarkdown(signature.documentation) }),
          ...(signature.activeParameter === undefined ? {} : { activeParameter: signature.activeParameter }),
          parameters: (signature.parameters ?? []).map((parameter) => ({
            label: typeof parameter.label === 'string' ? parameter.label : ([...parameter.label] as [number, number]),
            ...(parameter.documentation === undefined ? {} : { documentation: toMarkdown(parameter.documentation) }),
          })),
        }));
        return { value: { signatures, activeSignature: help.activeSignature ?? 0, activeParameter: help.activeParameter ?? 0 }, dispose: () => undefined };
      },
    }),
  );
  const locations = async (method: string, model: monaco.editor.ITextModel, position: monaco.IPosition, token: monaco.CancellationToken, more: object = {}) => {
    const answer = await ask<LspLocation | LspLocation[]>(method, model, position, token, more);
    const all = answer === null ? [] : 'uri' in answer ? [answer] : answer;
    return all.flatMap((location) => {
      const path = pathOfLsp(location.uri);
      return path === null ? [] : [{ uri: uriOf(path), range: toRange(location.range) }];
    });
  };
  held.add(languages.registerDefinitionProvider('python', { provideDefinition: (model, position, token) => locations('textDocument/definition', model, position, token) }));
  held.add(
    languages.registerReferenceProvider('python', {
      provideReferences: (model, position, context, token) => locations('textDocument/references', model, position, token, { context }),
    }),
  );
  held.add(
    languages.registerDocumentSymbolProvider('python', {
      async provideDocumentSymbols(model, token) {
        return ((await ask<LspSymbol[]>('textDocument/documentSymbol', model, null, token)) ?? []).map(toSymbol);
      },
    }),
  );
  held.add(
    languages.registerRenameProvider('python', {
      async provideRenameEdits(model, position, newName, token) {
        const edit = await ask<LspWorkspaceEdit>('textDocument/rename', model, position, token, { newName });
        if (edit === null) return { edits: [], rejectReason: 'This cannot be renamed.' };
        const edits = toWorkspaceEdits(edit);
        // Monaco edits open models only
        await Promise.all(edits.map(({ resource }) => openModel(pathOf(resource) ?? '')));
        return { edits };
      },
    }),
  );
  return held;
}

function toWorkspaceEdits(edit: LspWorkspaceEdit): monaco.languages.IWorkspaceTextEdit[] {
  const byUri: (readonly [string, readonly LspTextEdit[]])[] = [
    ...Object.entries(edit.changes ?? {}),
    ...(edit.documentChanges ?? []).map((change) => [change.textDocument.uri, change.edits] as const),
  ];
  return byUri.flatMap(([uri, edits]) => {
    const path = pathOfLsp(uri);
    if (path === null) return [];
    return toEdits(edits).map((textEdit) => ({ resource: uriOf(path), versionId: undefined, textEdit }));
  });
}
