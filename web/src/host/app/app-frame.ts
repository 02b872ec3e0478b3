// The frame that shows the app: its address and title appear as those of the tab, and links that lead elsewhere leave
// the frame, so that reload, bookmarks and the address bar work as on any site.

const POLL_MS = 300;

export class AppFrame {
  constructor(private readonly frame: HTMLIFrameElement, private readonly name: string) {
    frame.addEventListener('load', () => { this.#loaded(); });
    // Pages also change their address and title without a load.
    setInterval(() => { this.#mirror(); }, POLL_MS);
    addEventListener('hashchange', () => { this.#follow(); });
    addEventListener('popstate', () => { this.#follow(); });
  }

  #loaded(): void {
    this.#mirror();
    this.#document()?.addEventListener('click', (event) => { this.#leave(event); }, { capture: true });
    this.frame.focus();
  }

  #mirror(): void {
    const inner = this.#document();
    const url = inner === undefined ? undefined : new URL(inner.URL);
    if (inner === undefined || url?.origin !== location.origin || url.pathname.startsWith('/__cloche/')) {
      return;
    }
    if (url.href !== location.href) {
      history.replaceState(null, '', url.href);
    }
    const title = inner.title === '' ? this.name : inner.title;
    if (document.title !== title) {
      document.title = title;
    }
  }

  /** The person changed the tab's fragment by hand. */
  #follow(): void {
    const inner = this.frame.contentWindow;
    if (inner !== null && this.#document() !== undefined && inner.location.hash !== location.hash) {
      inner.location.replace(location.href);
    }
  }

  /** Other sites cannot be shown in the frame. */
  #leave(event: MouseEvent): void {
    const target = event.target as Element | null;
    const link = typeof target?.closest === 'function' ? target.closest('a[href]') : null;
    if (link !== null && 'href' in link && typeof link.href === 'string' && link.getAttribute('target') === null) {
      const url = new URL(link.href);
      if (url.protocol.startsWith('http') && url.origin !== location.origin) {
        link.setAttribute('target', '_top');
      }
    }
  }

  #document(): Document | undefined {
    try {
      return this.frame.contentDocument ?? undefined;
    } catch {
      return undefined;
    }
  }
}
