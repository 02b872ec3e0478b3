// The bridge between a preview's service worker and the engine, brokered by the IDE:
//
//  1. IDE: `serve` {port, target} to the engine; after its answer a hidden frame
//     `http://PORT--ws-ID.host…/__cloche/bridge.html` (sandbox "allow-scripts allow-same-origin").
//  2. Bridge to its parent: `bridge-hello`. The IDE checks source and origin and posts `bridge-connect` with one port to
//     exactly that origin; the bridge checks its parent and the control origin that the server put into its page.
//  3. IDE over the port: `bridge-engine` {state: 'here'}. The bridge registers the service worker (`/__cloche/sw.js`,
//     scope `/`) and says `bridge-up`. Now the IDE shows the preview `http://PORT--ws-ID.host…/` in a frame with
//     sandbox "allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-downloads".
//  4. Whenever the service worker has no line, the bridge makes a channel: one end to the service worker, the other as
//     `bridge-line` to the IDE, which sends it to the engine with `attach` {port}. Requests then travel between service
//     worker and engine directly.
//  5. The engine ends or restarts: the IDE says `bridge-engine` {state: 'gone'} or 'coming', and after the next `serve`
//     'here' again. Requests that come while it is `coming` wait; while it is `gone` a page says so.
//
// At any other path of the preview's origin this page means that no service worker is in control yet, for example in a
// new tab: it registers it and loads the address again, once.
import type { BridgeConnect, BridgeHello, FromBridge, ToBridge } from '@/protocol';
import { ServiceWorkerLink } from '../service-worker-link';

const PATH = '/__cloche/bridge.html';
const TRIED = 'cloche-bridge-tried';

export class BridgePage {
  #port: MessagePort | undefined;
  #link: Promise<ServiceWorkerLink> | undefined;

  constructor(private readonly controlOrigin: string, private readonly explain: (text: string) => void) {}

  async start(): Promise<void> {
    if (location.pathname === PATH) {
      addEventListener('message', (event) => { this.#meet(event); });
      const hello: BridgeHello = { type: 'bridge-hello' };
      // The parent is checked when it answers.
      window.parent.postMessage(hello, '*');
      return;
    }
    await this.#takeControl();
  }

  #meet(event: MessageEvent<BridgeConnect>): void {
    const port = event.ports[0];
    const fromIde = event.source === window.parent && event.origin === this.controlOrigin;
    if (!fromIde || port === undefined || event.data.type !== 'bridge-connect') {
      return;
    }
    this.#port?.close();
    this.#port = port;
    port.onmessage = (message: MessageEvent<ToBridge>) => { void this.#setState(message.data.state); };
    void this.#connect();
  }

  async #connect(): Promise<void> {
    try {
      this.#link ??= ServiceWorkerLink.register('preview', this.controlOrigin);
      await this.#link;
      this.#say({ type: 'bridge-up' });
    } catch (failure) {
      this.#link = undefined;
      this.#say({
        type: 'bridge-failed',
        message: `The browser did not take the preview’s service worker: ${failure instanceof Error ? failure.message : String(failure)}`,
        help: 'Allow site data and service workers for this address, leave private browsing, then start the preview again.',
      });
    }
  }

  async #setState(state: ToBridge['state']): Promise<void> {
    const link = await this.#link?.catch(() => undefined);
    if (link === undefined) {
      return;
    }
    if (state === 'here') {
      link.source = {
        state: 'here',
        open: () => {
          const { port1, port2 } = new MessageChannel();
          this.#say({ type: 'bridge-line' }, [port1]);
          return port2;
        },
      };
    } else {
      link.source = { state: state === 'coming' ? 'coming' : 'elsewhere' };
    }
  }

  async #takeControl(): Promise<void> {
    try {
      const isSecondTry = sessionStorage.getItem(TRIED) !== null;
      await ServiceWorkerLink.register('preview', this.controlOrigin);
      if (!isSecondTry && navigator.serviceWorker.controller !== null) {
        sessionStorage.setItem(TRIED, '1');
        location.reload();
        return;
      }
      sessionStorage.removeItem(TRIED);
      this.explain('The preview could not be loaded. Reload this page without holding Shift.');
    } catch {
      this.explain('The browser did not take the preview’s service worker. Allow site data for this address, leave private browsing, then reload.');
    }
  }

  #say(message: FromBridge, transfer: Transferable[] = []): void {
    this.#port?.postMessage(message, transfer);
  }
}
