// What Python asks of the world while it runs: to wait, a line of input, to show a picture.
import type { Display } from '@/protocol';
import type { Line, WorkerSide } from '../../shared-memory';
import type { HostModule, PyBuffer } from './engine-python';
import { Pause } from './pause';

/** A wait is cut into slices, so that files which the program wrote can be told in between. */
const SLICE_MS = 250;

export interface ConsoleEvents {
  readonly input: (prompt: string, password: boolean) => void;
  readonly display: (display: Display) => void;
  /** The program does nothing right now. */
  readonly pause: () => void;
  /** Whether Python hears Stop: not while a program is suspended and other code runs. */
  readonly listening: (isListening: boolean) => void;
}

export class ConsoleHost implements HostModule {
  constructor(
    private readonly memory: WorkerSide,
    private readonly isInteractive: boolean,
    readonly canSuspend: boolean,
    private readonly events: ConsoleEvents,
  ) {}

  readonly sleep = (seconds: number): void => {
    const end = performance.now() + seconds * 1000;
    this.events.pause();
    for (let left = end - performance.now(); left > 0 && !this.memory.isInterrupted; left = end - performance.now()) {
      this.memory.sleep(Math.min(left, SLICE_MS));
      this.events.pause();
    }
  };

  readonly pause = (isStoppable: boolean): Pause => new Pause(this.memory, isStoppable, this.events);

  readonly ask = (prompt: string, password: boolean): string => {
    const line = this.line(prompt, password);
    switch (line.kind) {
      case 'line':
        return `>${line.text}`;
      case 'end':
        return 'E';
      case 'interrupted':
        return 'I';
    }
  };

  readonly displayPng = (data: PyBuffer, width: number, height: number, title: string): void => {
    const bytes = data.toJs().slice();
    data.destroy();
    this.events.display({ mime: 'image/png', bytes, width, height, title });
  };

  readonly displayText = (mime: string, text: string, title: string): void => {
    this.events.display({ mime: mime === 'image/svg+xml' ? mime : 'text/html', text, title });
  };

  line(prompt: string, password: boolean): Line {
    this.events.pause();
    if (!this.isInteractive) {
      return { kind: 'end' };
    }
    this.memory.clearLine();
    this.events.input(prompt, password);
    return this.memory.takeLine();
  }
}
