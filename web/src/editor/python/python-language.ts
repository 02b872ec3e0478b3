import { Debouncer, systemClock } from '@/base/async';
import { DisposableStore, type Disposable } from '@/base/disposable';
import { Emitter } from '@/base/emitter';
import { ValueStore } from '@/base/store';
import type { WorkspaceFiles } from '@/platform/files';
import { rootUri } from '../model-store';
import { JsonRpc, type RpcTransport } from './json-rpc';
import type { LspDiagnostic } from './lsp-types';

export interface PythonLanguageOptions {
  readonly files: WorkspaceFiles;
  readonly start: () => RpcTransport;
  /** Stubs and sources of installed packages, by path below `/packages/`. */
  readonly packageFiles: () => Promise<ReadonlyMap<string, string>>;
  readonly typeChecking: () => string;
  readonly pythonVersion: string;
}

export interface FileDiagnostics {
  readonly path: string;
  readonly diagnostics: readonly LspDiagnostic[];
}

const mostFiles = 400;
const largestFile = 1_000_000;

/** A type checker for the workspace's Python files: follows the working copy, answers questions about texts. */
export class PythonLanguage implements Disposable {
  readonly state = new ValueStore<'off' | 'starting' | 'ready' | 'failed'>('off');
  private readonly diagnosed = new Emitter<FileDiagnostics>();
  readonly onDiagnostics = this.diagnosed.event;
  private readonly held = new DisposableStore();
  private readonly versions = new Map<string, number>();
  private readonly changed = new Set<string>();
  private readonly timer: Debouncer;
  private rpc: JsonRpc | null = null;
  private starting: Promise<void> | null = null;

  constructor(private readonly options: PythonLanguageOptions) {
    this.timer = this.held.add(new Debouncer(systemClock, () => void this.sync(), 250, 1500));
    this.held.add(
      options.files.onChange((event) => {
        if (this.starting === null) return;
        if (event.kind === 'write' && isPython(event.path)) this.changed.add(event.path);
        else if (event.kind === 'delete' || event.kind === 'move') this.forget();
        this.timer.trigger();
      }),
    );
  }

  /** Starts when the first Python file is opened; does nothing when it runs. */
  start(): Promise<void> {
    this.starting ??= this.boot().catch((error: unknown) => {
      this.state.set('failed');
      this.rpc?.dispose();
      this.rpc = null;
      throw error;
    });
    return this.starting;
  }

  /** Starts anew, for other packages or another strictness. */
  async restart(): Promise<void> {
    if (this.starting === null) return;
    await this.starting.catch(() => undefined);
    this.rpc?.dispose();
    this.rpc = null;
    this.versions.clear();
    this.starting = null;
    await this.start();
  }

  /** Asks about a text after the newest version of all texts was sent. */
  async ask<T>(method: string, params: unknown, onCancel?: (cancel: () => void) => void): Promise<T | null> {
    if (this.starting === null) return null;
    await this.starting;
    if (this.changed.size > 0) await this.sync();
    return this.rpc === null ? null : this.rpc.request<T>(method, params, onCancel);
  }

  dispose(): void {
    this.held.dispose();
    this.rpc?.dispose();
  }

  private async boot(): Promise<void> {
    this.state.set('starting');
    const [texts, packageFiles] = await Promise.all([this.pythonTexts(), this.options.packageFiles().catch(() => new Map<string, string>())]);
    const rpc = new JsonRpc(this.options.start());
    this.rpc = rpc;
    rpc.onRequest('workspace/configuration', (params) => ((params as { items?: unknown[] }).items ?? []).map(() => ({})));
    rpc.onNotification('textDocument/publishDiagnostics', (params) => this.published(params as { uri: string; diagnostics: LspDiagnostic[] }));
    const files: Record<string, string> = { '/workspace/pyrightconfig.json': JSON.stringify(this.configuration()) };
    for (const [path, text] of texts) files[`/workspace/${path}`] = text;
    for (const [path, text] of packageFiles) files[`/packages/${path}`] = text;
    await rpc.request('initialize', {
      processId: null,
      rootUri,
      rootPath: '/workspace',
      workspaceFolders: [{ uri: rootUri, name: 'workspace' }],
      initializationOptions: { files },
      capabilities,
    });
    rpc.notify('initialized', {});
    rpc.notify('workspace/didChangeConfiguration', { settings: {} });
    for (const [path, text] of texts) this.open(path, text);
    this.state.set('ready');
  }

  private configuration(): object {
    const level = this.options.typeChecking();
    return {
      typeshedPath: '/typeshed',
      pythonVersion: this.options.pythonVersion,
      pythonPlatform: 'All',
      extraPaths: ['/packages'],
      typeCheckingMode: level,
      reportMissingImports: 'warning',
      reportMissingModuleSource: 'none',
      reportMissingTypeStubs: 'none',
      reportAttributeAccessIssue: level === 'off' ? 'none' : 'warning',
    };
  }

  private async pythonTexts(): Promise<Map<string, string>> {
    const paths = [...this.options.files.files()].filter((node) => isPython(node.path) && node.size <= largestFile).slice(0, mostFiles);
    const texts = new Map<string, string>();
    for (const { path } of paths) {
      const text = await this.options.files.readText(path).catch(() => null);
      if (text !== null) texts.set(path, text);
    }
    return texts;
  }

  private open(path: string, text: string): void {
    this.versions.set(path, 1);
    this.rpc?.notify('textDocument/didOpen', { textDocument: { uri: lspUri(path), languageId: 'python', version: 1, text } });
  }

  private async sync(): Promise<void> {
    if (this.rpc === null) return;
    for (const path of [...this.changed]) {
      this.changed.delete(path);
      const text = await this.options.files.readText(path).catch(() => null);
      if (text === null || text.length > largestFile) continue;
      const version = this.versions.get(path);
      if (version === undefined) {
        this.rpc.notify('pyright/createFile', { kind: 'create', uri: lspUri(path) });
        this.open(path, text);
      } else {
        this.versions.set(path, version + 1);
        this.rpc.notify('textDocument/didChange', { textDocument: { uri: lspUri(path), version: version + 1 }, contentChanges: [{ text }] });
      }
    }
  }

  private forget(): void {
    for (const path of [...this.versions.keys()]) {
      if (this.options.files.get(path) !== undefined) continue;
      this.versions.delete(path);
      this.rpc?.notify('textDocument/didClose', { textDocument: { uri: lspUri(path) } });
      this.rpc?.notify('pyright/deleteFile', { kind: 'delete', uri: lspUri(path) });
      this.diagnosed.emit({ path, diagnostics: [] });
    }
    for (const { path } of this.options.files.files()) if (isPython(path) && !this.versions.has(path)) this.changed.add(path);
  }

  private published({ uri, diagnostics }: { uri: string; diagnostics: LspDiagnostic[] }): void {
    const path = pathOfLsp(uri);
    if (path !== null && this.versions.has(path)) this.diagnosed.emit({ path, diagnostics });
  }
}

export function isPython(path: string): boolean {
  return path.endsWith('.py') || path.endsWith('.pyi');
}

export function lspUri(path: string): string {
  return `${rootUri}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

export function pathOfLsp(uri: string): string | null {
  return uri.startsWith(`${rootUri}/`) ? decodeURIComponent(uri.slice(rootUri.length + 1)) : null;
}

const capabilities = {
  workspace: { configuration: true, workspaceFolders: true, didChangeConfiguration: {} },
  textDocument: {
    synchronization: { didSave: false },
    publishDiagnostics: { relatedInformation: false, tagSupport: { valueSet: [1, 2] } },
    completion: {
      completionItem: { snippetSupport: false, documentationFormat: ['markdown', 'plaintext'], labelDetailsSupport: true, resolveSupport: { properties: ['documentation', 'detail', 'additionalTextEdits'] } },
      contextSupport: true,
    },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    signatureHelp: { signatureInformation: { documentationFormat: ['markdown', 'plaintext'], parameterInformation: { labelOffsetSupport: true }, activeParameterSupport: true } },
    definition: { linkSupport: false },
    references: {},
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    rename: { prepareSupport: false },
  },
};
