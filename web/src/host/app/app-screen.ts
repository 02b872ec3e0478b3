// What the visitor sees of an app until its own first page is there: name, steps, progress, or what went wrong.
import type { BootPhase } from '@/protocol';

export interface Trouble {
  readonly title: string;
  readonly text: string;
  /** For the app's author: a traceback. */
  readonly details?: string;
}

const STEPS: readonly { readonly phases: readonly BootPhase[]; readonly text: string }[] = [
  { phases: ['engine', 'snapshot'], text: 'Start Python' },
  { phases: ['packages'], text: 'Load packages' },
  { phases: ['files'], text: 'Open the app' },
];

export class AppScreen {
  readonly #main = element('main', 'boot');
  readonly #title = element('h1', 'boot-name');
  readonly #steps = STEPS.map(({ text }) => step(text));
  readonly #bar = element('progress', 'boot-bar');

  constructor(private readonly root: HTMLElement) {
    const list = element('ol', 'boot-steps');
    list.append(...this.#steps);
    this.#bar.setAttribute('aria-label', 'Progress of the start');
    this.#main.setAttribute('aria-live', 'polite');
    this.#main.append(leaf(), this.#title, text('p', 'boot-note', 'This app runs in your browser. Its data stays on this device.'), list, this.#bar);
  }

  show(): void {
    this.root.replaceChildren(this.#main);
  }

  set name(name: string) {
    this.#title.textContent = name;
    document.title = name;
  }

  progress(phase: BootPhase, done: number, total: number): void {
    const current = STEPS.findIndex(({ phases }) => phases.includes(phase));
    this.#steps.forEach((item, index) => {
      const state = phase === 'ready' || index < current ? 'done' : 'waiting';
      item.dataset['state'] = index === current ? 'current' : state;
    });
    if (total > 0) {
      this.#bar.max = total;
      this.#bar.value = done;
    } else {
      this.#bar.removeAttribute('value');
    }
  }

  trouble({ title, text: explanation, details }: Trouble): void {
    const retry = text('button', 'boot-retry', 'Try again');
    retry.addEventListener('click', () => { location.reload(); });
    const main = element('main', 'boot');
    main.setAttribute('role', 'alert');
    main.append(leaf(), text('h1', 'boot-name', title), text('p', 'boot-note', explanation));
    if (details !== undefined) {
      main.append(text('pre', 'boot-details', details));
    }
    main.append(retry);
    this.root.replaceChildren(main);
  }

  /** The page that the app itself is shown in. */
  frame(url: string, name: string): HTMLIFrameElement {
    const frame = document.createElement('iframe');
    frame.className = 'app-frame';
    frame.title = name;
    frame.allow = 'cross-origin-isolated; clipboard-write; fullscreen';
    frame.src = url;
    this.root.replaceChildren(frame);
    return frame;
  }

  /** A strip above the app, while another tab's engine is replaced. */
  notice(message: string | undefined): void {
    this.root.querySelector('.app-notice')?.remove();
    if (message !== undefined) {
      const strip = text('p', 'app-notice', message);
      strip.setAttribute('role', 'status');
      this.root.append(strip);
    }
  }
}

function step(label: string): HTMLLIElement {
  const item = text('li', 'boot-step', label);
  item.dataset['state'] = 'waiting';
  return item;
}

function leaf(): HTMLElement {
  const mark = element('div', 'boot-mark');
  mark.setAttribute('aria-hidden', 'true');
  return mark;
}

function text<K extends keyof HTMLElementTagNameMap>(tag: K, className: string, content: string): HTMLElementTagNameMap[K] {
  const node = element(tag, className);
  node.textContent = content;
  return node;
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, className: string): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  node.className = className;
  return node;
}
