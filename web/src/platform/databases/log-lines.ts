import { list, member, parseExact, textOf } from './exact-json';

export const LOG_LEVELS = ['Panic', 'Error', 'Warn', 'Info', 'Debug', 'Trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a module, or its host, wrote to the log. */
export interface LogLine {
  readonly number: number;
  readonly level: LogLevel;
  readonly micros: number;
  readonly message: string;
  /** `chat.py:31`, if it is known. */
  readonly place: string | null;
  readonly source: string;
  readonly trace: readonly string[];
}

/** Cuts a stream of JSON lines into lines of the log; what is no JSON is left out. */
export class LogReader {
  private rest = '';
  private count = 0;
  private readonly decoder = new TextDecoder();

  read(bytes: Uint8Array): LogLine[] {
    const parts = (this.rest + this.decoder.decode(bytes, { stream: true })).split('\n');
    this.rest = parts.pop() ?? '';
    return parts.flatMap((part) => this.line(part));
  }

  private line(text: string): LogLine[] {
    if (text.trim() === '') return [];
    try {
      const json = parseExact(text);
      const level = textOf(member(json, 'level'));
      const file = textOf(member(json, 'filename'));
      const line = member(json, 'line_number');
      return [{
        number: ++this.count,
        level: (LOG_LEVELS as readonly string[]).includes(level) ? (level as LogLevel) : 'Info',
        micros: Number(member(json, 'ts') ?? 0),
        message: textOf(member(json, 'message')),
        place: file === '' ? null : line === undefined ? file : `${file}:${Number(line)}`,
        source: textOf(member(json, 'function')) || textOf(member(json, 'target')),
        trace: list(member(json, 'trace')).map((one) => textOf(member(one, 'func_name'))),
      }];
    } catch {
      return [];
    }
  }
}
