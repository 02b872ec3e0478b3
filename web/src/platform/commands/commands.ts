import { disposable, type Disposable } from '@/base/disposable';
import { token } from '@/base/services';
import { ValueStore, type ReadableStore } from '@/base/store';

/** Something a person can do; the palette shows those with a title. */
export interface Command {
  /** `feature.verb`. */
  readonly id: string;
  readonly title?: string;
  readonly category?: string;
  readonly run: (argument?: unknown) => void | Promise<void>;
  /** Whether it can be done now; yes if left out. */
  readonly isEnabled?: () => boolean;
}

export interface CommandService {
  readonly all: ReadableStore<readonly Command[]>;
  register(command: Command): Disposable;
  /** Runs a command; its failure is told to the person, never thrown. */
  run(id: string, argument?: unknown): void;
}

export const CommandService = token<CommandService>('commands');

export class CommandRegistry implements CommandService {
  readonly all = new ValueStore<readonly Command[]>([]);

  constructor(private readonly onFailure: (command: Command, error: unknown) => void) {}

  register(command: Command): Disposable {
    this.all.update((all) => [...all.filter((other) => other.id !== command.id), command]);
    return disposable(() => this.all.update((all) => all.filter((other) => other !== command)));
  }

  run(id: string, argument?: unknown): void {
    const command = this.all.getState().find((candidate) => candidate.id === id);
    if (command === undefined || command.isEnabled?.() === false) return;
    try {
      void Promise.resolve(command.run(argument)).catch((error: unknown) => this.onFailure(command, error));
    } catch (error) {
      this.onFailure(command, error);
    }
  }
}
