import { Debouncer, systemClock } from '@/base/async';
import { DisposableStore, type Disposable } from '@/base/disposable';
import { token } from '@/base/services';
import { api, data } from '@/platform/api';

const mostBytes = 60_000;

/** What a person had open, kept per workspace on the server. Parts are independent; a damaged one gets its default. */
export class StateKeeper implements Disposable {
  private readonly parts = new Map<string, () => unknown>();
  private readonly held = new DisposableStore();
  private readonly timer: Debouncer;
  private written: string;

  constructor(
    private readonly workspaceId: string,
    private readonly stored: Readonly<Record<string, unknown>>,
  ) {
    this.written = JSON.stringify(stored);
    this.timer = this.held.add(new Debouncer(systemClock, () => void this.write(), 1500, 10_000));
    const leave = () => {
      if (document.visibilityState === 'hidden') this.timer.flush();
    };
    document.addEventListener('visibilitychange', leave);
    this.held.addCallback(() => document.removeEventListener('visibilitychange', leave));
  }

  static async load(workspaceId: string): Promise<StateKeeper> {
    const state = await data(api.GET('/api/workspaces/{id}/state', { params: { path: { id: workspaceId } } })).catch(() => ({}));
    return new StateKeeper(workspaceId, state as Record<string, unknown>);
  }

  get(part: string): unknown {
    return this.stored[part];
  }

  /** `read` gives the part's newest value whenever the state is written. */
  keep(part: string, read: () => unknown): void {
    this.parts.set(part, read);
  }

  changed(): void {
    this.timer.trigger();
  }

  dispose(): void {
    this.timer.flush();
    this.held.dispose();
  }

  private async write(): Promise<void> {
    const state: Record<string, unknown> = { ...this.stored };
    for (const [part, read] of this.parts) state[part] = read();
    const text = JSON.stringify(state);
    if (text === this.written || text.length > mostBytes) return;
    this.written = text;
    try {
      await fetch(`/api/workspaces/${this.workspaceId}/state`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: text, keepalive: true });
    } catch {
      this.written = '';
    }
  }
}

export const StateKeeperToken = token<StateKeeper>('state');
