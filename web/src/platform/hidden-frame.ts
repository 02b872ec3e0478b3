import type { Disposable } from '@/base/disposable';

/** A line for messages to and from somewhere else. */
export interface Line<Sent, Heard> extends Disposable {
  send(message: Sent, transfer?: readonly Transferable[]): void;
  onMessage(listener: (message: Heard, ports: readonly MessagePort[]) => void): void;
}

/** A hidden page of another origin, which has said its greeting. Disposing it takes the page away. */
export interface HiddenFrame<Greeting, Sent, Heard> {
  readonly greeting: Greeting;
  readonly line: Line<Sent, Heard>;
}

export interface HiddenFrameOptions<Greeting> {
  readonly title: string;
  /** Of the page; messages are taken from its origin alone. */
  readonly address: string;
  readonly isGreeting: (data: unknown) => data is Greeting;
  /** What the greeting is answered with, beside the port. */
  readonly connect: { readonly type: string };
  readonly silence: string;
}

/** The page is small, but a busy machine may take its time to start a process for it. */
const patience = 60_000;

/**
 * Loads a page in a hidden frame and connects to it: the page greets its parent (it carries no secret), source and origin are
 * checked, and the answer with one end of the line goes to exactly that origin. Throws what `silence` says after a minute.
 */
export function openHiddenFrame<Greeting, Sent, Heard>({ title, address, isGreeting, connect, silence }: HiddenFrameOptions<Greeting>): Promise<HiddenFrame<Greeting, Sent, Heard>> {
  const { origin } = new URL(address);
  return new Promise((resolve, reject) => {
    const frame = document.createElement('iframe');
    frame.title = title;
    frame.hidden = true;
    frame.tabIndex = -1;
    frame.setAttribute('aria-hidden', 'true');
    frame.allow = 'cross-origin-isolated';
    frame.setAttribute('sandbox', 'allow-scripts allow-same-origin');
    const timer = setTimeout(() => {
      finish();
      frame.remove();
      reject(new Error(silence));
    }, patience);
    const listen = (event: MessageEvent<unknown>) => {
      if (event.source !== frame.contentWindow || event.origin !== origin || !isGreeting(event.data)) return;
      finish();
      const { port1, port2 } = new MessageChannel();
      frame.contentWindow?.postMessage(connect, origin, [port2]);
      resolve({ greeting: event.data, line: lineOf(port1, frame) });
    };
    const finish = () => {
      clearTimeout(timer);
      window.removeEventListener('message', listen);
    };
    window.addEventListener('message', listen);
    frame.src = address;
    document.body.append(frame);
  });
}

function lineOf<Sent, Heard>(port: MessagePort, frame: HTMLIFrameElement): Line<Sent, Heard> {
  return {
    send: (message, transfer = []) => port.postMessage(message, [...transfer]),
    onMessage(listener) {
      port.onmessage = (event: MessageEvent<Heard>) => listener(event.data, event.ports);
    },
    dispose() {
      port.close();
      frame.remove();
    },
  };
}
