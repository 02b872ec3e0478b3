import type { Disposable } from '@/base/disposable';
import { ValueStore } from '@/base/store';
import { browserName } from './browser-name';
import { type LentCall, TabLink } from './tab-link';
import type { TabEngine } from './tab-engine';

/** What a person chose; kept in this browser. */
export interface LendingChoice {
  readonly slots: number;
  readonly pauseWhenHidden: boolean;
  readonly pauseOnBattery: boolean;
}

export type LendingState =
  | { readonly state: 'off' }
  | { readonly state: 'starting' }
  | { readonly state: 'linked'; readonly node: string }
  | { readonly state: 'waiting'; readonly cause: string }
  | { readonly state: 'paused'; readonly because: 'hidden' | 'battery' }
  | { readonly state: 'failed'; readonly cause: string };

/** What this tab did for others since it was lent. */
export interface LendingFigures {
  readonly busy: number;
  readonly ran: number;
  readonly failed: number;
  readonly ranMs: number;
  /** The last ones, newest first. */
  readonly calls: readonly LentCall[];
}

/** The part of the browser's battery that is used; Firefox and Safari have none. */
interface Battery extends EventTarget {
  readonly charging: boolean;
}

const KEY = 'cloche.lending';
const MOST_CALLS = 50;
const nothing: LendingFigures = { busy: 0, ran: 0, failed: 0, ranMs: 0, calls: [] };

/** Lends this tab to the coordinator, and takes it back; goes on while the person visits other screens. */
export class Lending {
  readonly state = new ValueStore<LendingState>({ state: 'off' });
  readonly figures = new ValueStore<LendingFigures>(nothing);
  readonly choice: ValueStore<LendingChoice>;
  private engine: TabEngine | null = null;
  private link: TabLink | null = null;
  private watching: Disposable | null = null;
  private battery: Battery | null = null;
  private isWanted = false;

  constructor(private readonly open: () => Promise<TabEngine>, private readonly storage: Storage) {
    this.choice = new ValueStore(readChoice(storage.getItem(KEY)));
    document.addEventListener('visibilitychange', () => this.consider());
  }

  /** How many calls this machine runs at the same time. */
  static readonly mostSlots = Math.max(1, globalThis.navigator?.hardwareConcurrency ?? 1);

  /** Whether the browser tells about its battery. */
  static readonly knowsBattery = 'getBattery' in (globalThis.navigator ?? {});

  choose(change: Partial<LendingChoice>): void {
    const before = this.choice.getState();
    const after = { ...before, ...change };
    this.choice.set(after);
    this.storage.setItem(KEY, JSON.stringify(after));
    // the coordinator hears of slots by a new hello only
    if (after.slots !== before.slots && this.link !== null) this.unlink();
    this.consider();
  }

  /** Lends the tab. */
  async start(): Promise<void> {
    if (this.isWanted) return;
    this.isWanted = true;
    this.figures.set(nothing);
    this.state.set({ state: 'starting' });
    try {
      this.engine ??= await this.open();
      await this.watchBattery();
      this.consider();
    } catch (error) {
      this.isWanted = false;
      this.state.set({ state: 'failed', cause: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Takes it back: what runs is finished first. */
  stop(): void {
    this.isWanted = false;
    this.consider();
  }

  private get pause(): 'hidden' | 'battery' | null {
    const { pauseWhenHidden, pauseOnBattery } = this.choice.getState();
    if (pauseWhenHidden && document.visibilityState === 'hidden') return 'hidden';
    return pauseOnBattery && this.battery?.charging === false ? 'battery' : null;
  }

  /** Links or unlinks, as it has to be now. */
  private consider(): void {
    if (this.engine === null) return;
    const { pause } = this;
    if (!this.isWanted) {
      this.unlink();
      this.state.set({ state: 'off' });
    } else if (pause !== null) {
      this.unlink();
      this.state.set({ state: 'paused', because: pause });
    } else if (this.link === null) {
      this.connect(this.engine);
    }
  }

  private connect(engine: TabEngine): void {
    const { slots } = this.choice.getState();
    engine.setSlots(slots);
    const link = new TabLink(engine, {
      name: browserName(),
      engine: browserName(),
      slots,
      onRun: (call) => this.count(call),
      onBusy: (busy) => this.figures.update((figures) => ({ ...figures, busy })),
    });
    this.link = link;
    const show = () => {
      const now = link.state.getState();
      if (this.link !== link) return;
      if (now.state === 'linked' || now.state === 'waiting') this.state.set(now);
      else if (now.state === 'connecting') this.state.set({ state: 'starting' });
    };
    this.watching = link.state.watch(show);
    show();
  }

  private unlink(): void {
    this.watching?.dispose();
    this.link?.drain();
    this.link = null;
  }

  private count(call: LentCall): void {
    this.figures.update((figures) => ({
      busy: figures.busy,
      ran: figures.ran + 1,
      failed: figures.failed + (call.failure === null ? 0 : 1),
      ranMs: figures.ranMs + call.ranMs,
      calls: [call, ...figures.calls].slice(0, MOST_CALLS),
    }));
  }

  private async watchBattery(): Promise<void> {
    if (this.battery !== null || !Lending.knowsBattery) return;
    try {
      this.battery = await (navigator as unknown as { getBattery(): Promise<Battery> }).getBattery();
      this.battery.addEventListener('chargingchange', () => this.consider());
    } catch {
      // some browsers have the function and refuse it
      this.battery = null;
    }
  }
}

/** Takes what has the right type and lies within limits; the rest gets its default. */
export function readChoice(text: string | null): LendingChoice {
  let stored: Partial<Record<keyof LendingChoice, unknown>> = {};
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    if (typeof value === 'object' && value !== null) stored = value;
  } catch {
    // as if there were none
  }
  const { slots, pauseWhenHidden, pauseOnBattery } = stored;
  const most = Lending.mostSlots;
  return {
    slots: typeof slots === 'number' && Number.isInteger(slots) && slots >= 1 ? Math.min(slots, most) : Math.max(1, Math.floor(most / 2)),
    pauseWhenHidden: typeof pauseWhenHidden === 'boolean' ? pauseWhenHidden : true,
    pauseOnBattery: typeof pauseOnBattery === 'boolean' ? pauseOnBattery : true,
  };
}
