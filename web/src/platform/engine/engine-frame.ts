import type { FromEngine, HostCapabilities, HostConnect, HostReady, ToEngine } from '@/protocol';
import type { EngineChannel } from './engine-client';

/** The host page could not be reached. */
export class FrameFailure extends Error {}

export interface EngineFrame {
  readonly capabilities: HostCapabilities;
  readonly channel: EngineChannel;
}

/** The page is small, but a busy machine may take its time to start a process for it. */
const patience = 60_000;

/** Loads the engine host in a hidden frame on its own origin and connects to it. */
export function openEngineFrame(origin: string): Promise<EngineFrame> {
  return new Promise((resolve, reject) => {
    const frame = document.createElement('iframe');
    frame.title = 'Engine';
    frame.hidden = true;
    frame.tabIndex = -1;
    frame.setAttribute('aria-hidden', 'true');
    frame.allow = 'cross-origin-isolated';
    frame.setAttribute('sandbox', 'allow-scripts allow-same-origin');
    const timer = setTimeout(() => {
      finish();
      frame.remove();
      reject(new FrameFailure(`The engine's page at ${origin} does not answer.`));
    }, patience);
    const listen = (event: MessageEvent<unknown>) => {
      if (event.source !== frame.contentWindow || event.origin !== origin || !isHostReady(event.data)) return;
      finish();
      const { port1, port2 } = new MessageChannel();
      const connect: HostConnect = { type: 'connect' };
      frame.contentWindow?.postMessage(connect, origin, [port2]);
      resolve({ capabilities: event.data.capabilities, channel: channelOf(port1, frame) });
    };
    const finish = () => {
      clearTimeout(timer);
      window.removeEventListener('message', listen);
    };
    window.addEventListener('message', listen);
    frame.src = `${origin}/`;
    document.body.append(frame);
  });
}

function channelOf(port: MessagePort, frame: HTMLIFrameElement): EngineChannel {
  return {
    send: (message: ToEngine, transfer) => port.postMessage(message, [...transfer]),
    onMessage(listener) {
      port.onmessage = (event: MessageEvent<FromEngine>) => listener(event.data);
    },
    dispose() {
      port.close();
      frame.remove();
    },
  };
}

function isHostReady(data: unknown): data is HostReady {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'host-ready' && 'capabilities' in data;
}
