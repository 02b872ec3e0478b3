import { deferred } from '@/base/async';
import type { Disposable } from '@/base/disposable';
import { openHiddenFrame, type Line } from '@/platform/hidden-frame';
import type { BridgeConnect, BridgeHello, FromBridge, ToBridge } from '@/protocol';

const patience = 60_000;

/** The hidden frame on a preview's origin that joins the preview's service worker and the engine. */
export class BridgeFrame implements Disposable {
  private constructor(private readonly line: Line<ToBridge, FromBridge>) {}

  /** Ends when the preview's service worker is in place. `onLine` gets each new line for the engine. */
  static async open(origin: string, onLine: (line: MessagePort) => void): Promise<BridgeFrame> {
    const silence = `The preview's address ${origin} does not answer.`;
    const connect: BridgeConnect = { type: 'bridge-connect' };
    const { line } = await openHiddenFrame<BridgeHello, ToBridge, FromBridge>({
      title: 'Preview bridge',
      address: `${origin}/__cloche/bridge.html`,
      isGreeting: isHello,
      connect,
      silence,
    });
    const bridge = new BridgeFrame(line);
    const up = deferred<BridgeFrame>();
    const timer = setTimeout(() => up.reject(new Error(silence)), patience);
    line.onMessage((message, ports) => {
      if (message.type === 'bridge-up') up.resolve(bridge);
      else if (message.type === 'bridge-failed') up.reject(new Error(`${message.message} ${message.help}`));
      else if (ports[0] !== undefined) onLine(ports[0]);
    });
    bridge.say('here');
    try {
      return await up.promise;
    } catch (error) {
      bridge.dispose();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Tells the preview how the engine is. */
  say(state: ToBridge['state']): void {
    this.line.send({ type: 'bridge-engine', state });
  }

  dispose(): void {
    this.line.dispose();
  }
}

function isHello(data: unknown): data is BridgeHello {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'bridge-hello';
}
