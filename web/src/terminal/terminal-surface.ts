import '@xterm/xterm/css/xterm.css';
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal, type ILink } from '@xterm/xterm';
import { DisposableStore, type Disposable } from '@/base/disposable';
import { ValueStore } from '@/base/store';
import { theme } from '@/platform/theme';
import { matchColours, terminalTheme } from './terminal-theme';
import { findPlaces } from './traceback-links';

export interface SurfaceOptions {
  readonly fontSize: number;
  /** Keys and pasted text, as a terminal sends them. */
  readonly onData: (data: string) => void;
  readonly onFind: () => void;
  readonly onPaste: (text: string) => void;
  readonly onResize: () => void;
  readonly resolvePath: (name: string) => string | null;
  readonly onOpenPlace: (path: string, line: number) => void;
}

const fontFamily = "'JetBrains Mono Variable', ui-monospace, monospace";

/** A terminal on the screen. It lives as long as its tab and can be taken out of the page and put back. */
export class TerminalSurface implements Disposable {
  readonly element = document.createElement('div');
  private readonly terminal: Terminal;
  private readonly fit = new FitAddon();
  private readonly search = new SearchAddon();
  private readonly held = new DisposableStore();
  private isOpen = false;
  /** What the search in this terminal found; null while none is on. */
  readonly found = new ValueStore<{ readonly at: number; readonly of: number } | null>(null);

  constructor(private readonly options: SurfaceOptions) {
    this.element.className = 'h-full w-full pl-3 pt-1';
    this.terminal = new Terminal({
      allowProposedApi: true,
      convertEol: true,
      cursorBlink: true,
      cursorStyle: 'bar',
      fontFamily,
      fontSize: options.fontSize,
      lineHeight: 1.35,
      scrollback: 10_000,
      macOptionIsMeta: true,
      screenReaderMode: false,
      theme: terminalTheme(theme.getState().effective),
    });
    this.terminal.loadAddon(this.fit);
    this.terminal.loadAddon(this.search);
    this.terminal.loadAddon(new Unicode11Addon());
    this.terminal.loadAddon(new WebLinksAddon((_event, uri) => window.open(uri, '_blank', 'noopener,noreferrer')));
    this.search.onDidChangeResults(({ resultIndex, resultCount }) => this.found.set({ at: resultIndex + 1, of: resultCount }));
    this.terminal.unicode.activeVersion = '11';
    this.terminal.attachCustomKeyEventHandler((event) => this.customKey(event));
    this.terminal.onData(options.onData);
    this.terminal.onResize(options.onResize);
    this.terminal.registerLinkProvider({ provideLinks: (row, callback) => callback(this.linksOf(row)) });
    this.held.addCallback(
      theme.subscribe((state) => {
        this.terminal.options.theme = terminalTheme(state.effective);
      }),
    );
    const pasted = (event: ClipboardEvent) => {
      event.preventDefault();
      event.stopPropagation();
      options.onPaste(event.clipboardData?.getData('text/plain') ?? '');
    };
    this.element.addEventListener('paste', pasted, { capture: true });
    const observer = new ResizeObserver(() => this.layout());
    observer.observe(this.element);
    this.held.addCallback(() => observer.disconnect());
  }

  get columns(): number {
    return this.terminal.cols;
  }

  /** The text on the screen and above it; for tests and for copying all. */
  get text(): string {
    const buffer = this.terminal.buffer.active;
    const lines: string[] = [];
    for (let row = 0; row < buffer.length; row++) lines.push(buffer.getLine(row)?.translateToString(true) ?? '');
    return lines.join('\n').trimEnd();
  }

  /** Whether the next character begins a row. */
  get isAtLineStart(): boolean {
    return this.terminal.buffer.active.cursorX === 0;
  }

  attach(container: HTMLElement): void {
    container.append(this.element);
    if (this.isOpen) this.layout();
    else void this.open();
  }

  write(text: string, done?: () => void): void {
    this.terminal.write(text, done);
  }

  /** Ends when everything written so far is on the screen. */
  written(): Promise<void> {
    return new Promise((resolve) => this.terminal.write('', resolve));
  }

  clear(): void {
    this.terminal.clear();
  }

  reset(): void {
    this.terminal.reset();
  }

  focus(): void {
    this.terminal.focus();
  }

  setFontSize(size: number): void {
    this.terminal.options.fontSize = size;
    this.layout();
  }

  find(text: string, direction: 'next' | 'previous'): boolean {
    const decorations = matchColours(theme.getState().effective);
    return direction === 'next' ? this.search.findNext(text, { decorations }) : this.search.findPrevious(text, { decorations });
  }

  clearFind(): void {
    this.search.clearDecorations();
    this.terminal.clearSelection();
    this.found.set(null);
  }

  dispose(): void {
    this.held.dispose();
    this.terminal.dispose();
    this.element.remove();
  }

  private async open(): Promise<void> {
    this.isOpen = true;
    await document.fonts.load(`${this.options.fontSize}px ${fontFamily}`).catch(() => undefined);
    this.terminal.open(this.element);
    this.terminal.textarea?.setAttribute('aria-label', 'Terminal');
    this.layout();
  }

  private layout(): void {
    if (this.element.clientWidth > 0 && this.element.clientHeight > 0 && this.terminal.element !== undefined) this.fit.fit();
  }

  private customKey(event: KeyboardEvent): boolean {
    if (event.type !== 'keydown') return true;
    const isCommand = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (isCommand && key === 'c' && (event.shiftKey || event.metaKey || this.terminal.hasSelection())) {
      void navigator.clipboard.writeText(this.terminal.getSelection());
      this.terminal.clearSelection();
      event.preventDefault();
      return false;
    }
    // the browser's own paste event follows, which needs no permission
    if (isCommand && key === 'v') return false;
    if (isCommand && !event.shiftKey && key === 'f') {
      this.options.onFind();
      event.preventDefault();
      return false;
    }
    // what the window's shortcuts take is not for the program
    return !(event.key === 'F1' || event.key === 'F5');
  }

  private linksOf(row: number): ILink[] | undefined {
    const text = this.terminal.buffer.active.getLine(row - 1)?.translateToString(true);
    if (text === undefined) return undefined;
    return findPlaces(text, this.options.resolvePath).map(({ path, line, start, end }) => ({
      text: text.slice(start, end),
      range: { start: { x: start + 1, y: row }, end: { x: end, y: row } },
      activate: () => this.options.onOpenPlace(path, line),
    }));
  }
}
