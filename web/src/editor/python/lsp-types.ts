// The part of the Language Server Protocol 3.17 that is used here; lines and characters from 0.

export interface LspPosition {
  readonly line: number;
  readonly character: number;
}

export interface LspRange {
  readonly start: LspPosition;
  readonly end: LspPosition;
}

export interface LspLocation {
  readonly uri: string;
  readonly range: LspRange;
}

export interface LspDiagnostic {
  readonly range: LspRange;
  readonly severity?: 1 | 2 | 3 | 4;
  readonly code?: string | number;
  readonly source?: string;
  readonly message: string;
  readonly tags?: readonly (1 | 2)[];
}

export interface LspMarkup {
  readonly kind: 'markdown' | 'plaintext';
  readonly value: string;
}

export interface LspTextEdit {
  readonly range: LspRange;
  readonly newText: string;
}

export interface LspCompletionItem {
  readonly label: string;
  readonly kind?: number;
  readonly detail?: string;
  readonly documentation?: string | LspMarkup;
  readonly sortText?: string;
  readonly filterText?: string;
  readonly insertText?: string;
  readonly textEdit?: { readonly newText: string; readonly range?: LspRange; readonly insert?: LspRange; readonly replace?: LspRange };
  readonly additionalTextEdits?: readonly LspTextEdit[];
  readonly labelDetails?: { readonly detail?: string; readonly description?: string };
  readonly data?: unknown;
}

export interface LspCompletionList {
  readonly isIncomplete: boolean;
  readonly items: readonly LspCompletionItem[];
}

export interface LspHover {
  readonly contents: string | LspMarkup | readonly (string | LspMarkup)[];
  readonly range?: LspRange;
}

export interface LspSignatureHelp {
  readonly signatures: readonly {
    readonly label: string;
    readonly documentation?: string | LspMarkup;
    readonly parameters?: readonly { readonly label: string | readonly [number, number]; readonly documentation?: string | LspMarkup }[];
    readonly activeParameter?: number;
  }[];
  readonly activeSignature?: number;
  readonly activeParameter?: number;
}

export interface LspWorkspaceEdit {
  readonly changes?: Readonly<Record<string, readonly LspTextEdit[]>>;
  readonly documentChanges?: readonly { readonly textDocument: { readonly uri: string }; readonly edits: readonly LspTextEdit[] }[];
}

export interface LspSymbol {
  readonly name: string;
  readonly detail?: string;
  readonly kind: number;
  readonly range: LspRange;
  readonly selectionRange: LspRange;
  readonly children?: readonly LspSymbol[];
}
