import { token } from '@/base/services';
import type { ReadableStore } from '@/base/store';

/** A terminal that shows what programs print. */
export interface OutputTerminal {
  readonly id: string;
  write(text: string): void;
  /** A line of ours between the program's lines, set off by its colour. */
  note(text: string, tone?: 'plain' | 'good' | 'bad'): void;
  clear(): void;
}

export interface TerminalTab {
  readonly id: string;
  readonly title: string;
  readonly kind: 'output' | 'python';
}

export interface TerminalService {
  readonly tabs: ReadableStore<readonly TerminalTab[]>;
  readonly active: ReadableStore<string>;
  /** The terminal of Run; `reveal` brings it to the front. */
  output(reveal: boolean): OutputTerminal;
  /** A new Python terminal, in front and focused. */
  newPython(): void;
  activate(id: string): void;
  close(id: string): void;
  clearActive(): void;
}

export const TerminalService = token<TerminalService>('terminals');
