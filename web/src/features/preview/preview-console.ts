import { ValueStore } from '@/base/store';
import { CONSOLE_LIMITS, type ConsoleLevel } from '@/protocol';

/** A line of the preview's console. `python`: printed by the app itself, not by its pages. */
export interface ConsoleEntry {
  readonly id: number;
  readonly from: 'page' | 'python';
  readonly level: ConsoleLevel;
  readonly text: string;
}

const mostEntries = 500;
const levels: readonly unknown[] = ['debug', 'log', 'info', 'warn', 'error'];

/** What the app and its pages have to say, the newest last. */
export class PreviewLog {
  readonly entries = new ValueStore<readonly ConsoleEntry[]>([]);
  private nextId = 1;
  private readonly unfinished = { stdout: '', stderr: '' };

  /** Takes a message of a page; what is not of the form that our own script sends is left out. */
  takeMessage(data: unknown): void {
    if (typeof data !== 'object' || data === null || !('lines' in data) || !Array.isArray(data.lines)) return;
    const lines = (data.lines as unknown[]).slice(0, CONSOLE_LIMITS.lines).filter(isLine);
    this.add(lines.map(({ level, text }) => ({ from: 'page', level, text: text.slice(0, CONSOLE_LIMITS.characters) })));
    const leftOut = 'leftOut' in data && typeof data.leftOut === 'number' ? data.leftOut : 0;
    if (leftOut > 0) this.add([{ from: 'page', level: 'warn', text: `${leftOut} more lines came too fast and are not shown.` }]);
  }

  /** Takes output of the app, which comes in pieces of any length. */
  takeOutput(stream: 'stdout' | 'stderr', text: string): void {
    const lines = (this.unfinished[stream] + text).split('\n');
    this.unfinished[stream] = (lines.pop() ?? '').slice(-CONSOLE_LIMITS.characters);
    const level = stream === 'stderr' ? 'error' : 'log';
    this.add(lines.slice(-mostEntries).map((line) => ({ from: 'python', level, text: line.slice(0, CONSOLE_LIMITS.characters) })));
  }

  clear(): void {
    this.entries.set([]);
  }

  private add(lines: readonly Omit<ConsoleEntry, 'id'>[]): void {
    if (lines.length === 0) return;
    this.entries.update((before) => [...before, ...lines.map((line) => ({ ...line, id: this.nextId++ }))].slice(-mostEntries));
  }
}

function isLine(line: unknown): line is { level: ConsoleLevel; text: string } {
  return typeof line === 'object' && line !== null && 'level' in line && levels.includes(line.level) && 'text' in line && typeof line.text === 'string';
}
