import type { Disposable } from '@/base/disposable';
import { ValueStore } from '@/base/store';
import type { EngineService } from '@/platform/engine';
import type { Shown, ShownService } from '@/platform/run-status';
import type { Display } from '@/protocol';

const mostKept = 60;

/** The pictures and tables of this session, the newest last; old ones make room. */
export class ShownStore implements ShownService, Disposable {
  readonly all = new ValueStore<readonly Shown[]>([]);
  readonly selected = new ValueStore<number | null>(null);
  private readonly listening: Disposable;
  private nextId = 1;

  constructor(engine: EngineService, onShown: () => void) {
    this.listening = engine.onDisplay(({ display }) => {
      this.add(display);
      onShown();
    });
  }

  remove(id: number): void {
    const at = this.all.getState().findIndex((shown) => shown.id === id);
    this.release(this.all.getState().filter((shown) => shown.id === id));
    this.all.update((all) => all.filter((shown) => shown.id !== id));
    const rest = this.all.getState();
    this.selected.set((rest[at] ?? rest.at(-1))?.id ?? null);
  }

  clear(): void {
    this.release(this.all.getState());
    this.all.set([]);
    this.selected.set(null);
  }

  dispose(): void {
    this.listening.dispose();
    this.clear();
  }

  private add(display: Display): void {
    const shown = this.toShown(display);
    const all = [...this.all.getState(), shown];
    this.release(all.slice(0, Math.max(0, all.length - mostKept)));
    this.all.set(all.slice(-mostKept));
    this.selected.set(shown.id);
  }

  private toShown(display: Display): Shown {
    const base = { id: this.nextId++, at: Date.now(), title: display.title };
    if (display.mime === 'text/html') return { ...base, kind: 'html', content: display.text, blob: null, width: null, height: null };
    const data = display.mime === 'image/png' ? new Uint8Array(display.bytes) : display.text;
    const blob = new Blob([data], { type: display.mime });
    const size = display.mime === 'image/png' ? { width: display.width, height: display.height } : { width: null, height: null };
    return { ...base, kind: 'image', content: URL.createObjectURL(blob), blob, ...size };
  }

  private release(gone: readonly Shown[]): void {
    for (const shown of gone) if (shown.blob !== null) URL.revokeObjectURL(shown.content);
  }
}
