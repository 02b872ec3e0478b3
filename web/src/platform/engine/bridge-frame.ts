import { deferred } from '@/base/async';
import type { Disposable } from '@/base/disposable';
import type { BridgeConnect, FromBridge, ToBridge } from '@/protocol';

const patience = 60_000;

/** The hidden frame on a preview's origin that joins the preview's service worker and the engine. */
export class BridgeFrame implements Disposable {
  private constructor(
    private readonly frame: HTMLIFrameElement,
    private readonly port: MessagePort,
  ) {}

  /** Ends when the preview's service worker is in place. `onLine` gets each new line for the engine. */
  static async open(origin: string, onLine: (line: MessagePort) => void): Promise<BridgeFrame> {
    const frame = document.createElement('iframe');
    frame.title = 'Preview bridge';
    frame.hidden = true;
    frame.tabIndex = -1;
    frame.setAttribute('aria-hidden', 'true');
    frame.allow = 'cross-origin-isolated';
    frame.setAttribute('sandbox', 'allow-scripts allow-same-origin');
    const up = deferred<BridgeFrame>();
    const { port1, port2 } = new MessageChannel();
    const bridge = new BridgeFrame(frame, port1);
    const timer = setTimeout(() => up.reject(new Error(`The preview's address ${origin} does not answer.`)), patience);
    port1.onmessage = (event: MessageEvent<FromBridge>) => {
      const message = event.data;
      if (message.type === 'bridge-up') up.resolve(bridge);
      else if (message.type === 'bridge-failed') up.reject(new Error(`${message.message} ${message.help}`));
      else if (event.ports[0] !== undefined) onLine(event.ports[0]);
    };
    const meet = (event: MessageEvent<unknown>) => {
      if (event.source !== frame.contentWindow || event.origin !== origin || !isHello(event.data)) return;
      window.removeEventListener('message', meet);
      const connect: BridgeConnect = { type: 'bridge-connect' };
      frame.contentWindow?.postMessage(connect, origin, [port2]);
      bridge.say('here');
    };
    window.addEventListener('message', meet);
    frame.src = `${origin}/__cloche/bridge.html`;
    document.body.append(frame);
    try {
      return await up.promise;
    } catch (error) {
      bridge.dispose();
      throw error;
    } finally {
      clearTimeout(timer);
      window.removeEventListener('message', meet);
    }
  }

  /** Tells the preview how the engine is. */
  say(state: ToBridge['state']): void {
    const message: ToBridge = { type: 'bridge-engine', state };
    this.port.postMessage(message);
  }

  dispose(): void {
    this.port.close();
    this.frame.remove();
  }
}

function isHello(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'bridge-hello';
}
