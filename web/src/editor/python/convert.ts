import * as monaco from 'monaco-editor';
import type { LspCompletionItem, LspMarkup, LspPosition, LspRange, LspSymbol, LspTextEdit } from './lsp-types';

export function toLspPosition(position: monaco.IPosition): LspPosition {
  return { line: position.lineNumber - 1, character: position.column - 1 };
}

export function toRange(range: LspRange): monaco.IRange {
  return { startLineNumber: range.start.line + 1, startColumn: range.start.character + 1, endLineNumber: range.end.line + 1, endColumn: range.end.character + 1 };
}

export function toEdits(edits: readonly LspTextEdit[]): monaco.languages.TextEdit[] {
  return edits.map((edit) => ({ range: toRange(edit.range), text: edit.newText }));
}

/** Markdown of a language server: shown without trust and without HTML. */
export function toMarkdown(content: string | LspMarkup): monaco.IMarkdownString {
  if (typeof content === 'string') return { value: content };
  return { value: content.kind === 'markdown' ? content.value : `\`\`\`text\n${content.value}\n\`\`\`` };
}

const kinds = monaco.languages.CompletionItemKind;
const completionKinds: readonly monaco.languages.CompletionItemKind[] = [
  kinds.Text, kinds.Text, kinds.Method, kinds.Function, kinds.Constructor, kinds.Field, kinds.Variable, kinds.Class, kinds.Interface, kinds.Module,
  kinds.Property, kinds.Unit, kinds.Value, kinds.Enum, kinds.Keyword, kinds.Snippet, kinds.Color, kinds.File, kinds.Reference, kinds.Folder,
  kinds.EnumMember, kinds.Constant, kinds.Struct, kinds.Event, kinds.Operator, kinds.TypeParameter,
];

export interface OriginItem extends monaco.languages.CompletionItem {
  readonly origin: LspCompletionItem;
}

export function toCompletion(item: LspCompletionItem, word: monaco.IRange): OriginItem {
  const edit = item.textEdit;
  const lspRange = edit?.range ?? edit?.insert;
  return {
    origin: item,
    label: item.labelDetails === undefined ? item.label : { label: item.label, ...item.labelDetails },
    kind: completionKinds[item.kind ?? 1] ?? kinds.Text,
    insertText: edit?.newText ?? item.insertText ?? item.label,
    range: lspRange === undefined ? word : toRange(lspRange),
    ...(item.detail === undefined ? {} : { detail: item.detail }),
    ...(item.documentation === undefined ? {} : { documentation: toMarkdown(item.documentation) }),
    ...(item.sortText === undefined ? {} : { sortText: item.sortText }),
    ...(item.filterText === undefined ? {} : { filterText: item.filterText }),
    ...(item.additionalTextEdits === undefined ? {} : { additionalTextEdits: toEdits(item.additionalTextEdits) }),
  };
}

/** LSP counts symbol kinds from 1, Monaco from 0, in the same order. */
export function toSymbol(symbol: LspSymbol): monaco.languages.DocumentSymbol {
  return {
    name: symbol.name,
    detail: symbol.detail ?? '',
    kind: (symbol.kind - 1) as monaco.languages.SymbolKind,
    tags: [],
    range: toRange(symbol.range),
    selectionRange: toRange(symbol.selectionRange),
    children: (symbol.children ?? []).map(toSymbol),
  };
}
