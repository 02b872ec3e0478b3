import { token } from '@/base/services';
import { ValueStore } from '@/base/store';

/** Which parts of the window are shown, and how large; pixels. */
export interface Layout {
  readonly side: string | null;
  readonly lastSide: string;
  readonly sideWidth: number;
  readonly panel: string;
  readonly isPanelOpen: boolean;
  readonly panelHeight: number;
}

export const defaultLayout: Layout = { side: 'explorer', lastSide: 'explorer', sideWidth: 250, panel: 'terminal', isPanelOpen: true, panelHeight: 240 };

export class LayoutStore extends ValueStore<Layout> {
  toggleSide(view: string): void {
    this.update((layout) => ({ ...layout, side: layout.side === view ? null : view, lastSide: view }));
  }

  showSide(view: string): void {
    this.update((layout) => ({ ...layout, side: view, lastSide: view }));
  }

  hideSide(): void {
    this.update((layout) => (layout.side === null ? layout : { ...layout, side: null }));
  }

  showPanel(view: string): void {
    this.update((layout) => ({ ...layout, panel: view, isPanelOpen: true }));
  }

  togglePanel(view?: string): void {
    this.update((layout) => {
      const isSame = view === undefined || layout.panel === view;
      return { ...layout, panel: view ?? layout.panel, isPanelOpen: !(layout.isPanelOpen && isSame) };
    });
  }

  setSideWidth(sideWidth: number): void {
    this.update((layout) => ({ ...layout, sideWidth }));
  }

  /** What is looked at needs room: at least nearly half of the window. */
  growPanel(): void {
    const wanted = Math.round(Math.min(window.innerHeight * 0.45, 460));
    if (this.getState().panelHeight < wanted) this.setPanelHeight(wanted);
  }

  setPanelHeight(panelHeight: number): void {
    this.update((layout) => ({ ...layout, panelHeight }));
  }
}

export const LayoutStoreToken = token<LayoutStore>('layout');

/** Takes over what fits from a stored layout. */
export function readLayout(value: unknown): Layout {
  if (typeof value !== 'object' || value === null) return defaultLayout;
  const stored = value as Record<string, unknown>;
  const text = (key: keyof Layout) => (typeof stored[key] === 'string' ? (stored[key] as string) : (defaultLayout[key] as string));
  const size = (key: keyof Layout, least: number, most: number) => {
    const number = stored[key];
    return typeof number === 'number' && Number.isFinite(number) ? Math.min(most, Math.max(least, number)) : (defaultLayout[key] as number);
  };
  return {
    side: stored['side'] === null ? null : text('side'),
    lastSide: text('lastSide'),
    sideWidth: size('sideWidth', 150, 900),
    panel: text('panel'),
    isPanelOpen: typeof stored['isPanelOpen'] === 'boolean' ? stored['isPanelOpen'] : true,
    panelHeight: size('panelHeight', 80, 1200),
  };
}
