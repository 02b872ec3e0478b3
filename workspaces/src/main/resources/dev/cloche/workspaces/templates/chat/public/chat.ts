import { databaseOfPage, Live } from './live.js';

// what main.py declares
interface Message {
  readonly id: number;
  readonly sender: string;
  readonly sent: Date;
  readonly text: string;
}

interface User {
  readonly identity: string;
  readonly name: string | null;
  readonly online: boolean;
}

interface Reducers {
  readonly send_message: [text: string];
  readonly set_name: [name: string];
}

const live = new Live<{ readonly message: Message; readonly user: User }, Reducers>({ database: await databaseOfPage(), tables: { message: 'id', user: 'identity' } });

function element<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`index.html has no element #${id}`);
  return found as Kind;
}

function make(tag: string, text: string, className = ''): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className !== '') made.className = className;
  return made;
}

/** Runs a call and shows a refusal until the next one. */
async function attempt(call: Promise<void>): Promise<boolean> {
  const alert = element('alert');
  alert.hidden = true;
  try {
    await call;
    return true;
  } catch (error) {
    alert.textContent = error instanceof Error ? error.message : String(error);
    alert.hidden = false;
    return false;
  }
}

const nameOf = (identity: string): string => live.tables.user.get(identity)?.name ?? `Guest ${identity.slice(-4)}`;

function showMessages(): void {
  const list = element('messages');
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  const messages = live.tables.message.rows().sort((a, b) => a.id - b.id);
  list.replaceChildren(...messages.map((message) => {
    const line = make('li', '', message.sender === live.identity ? 'own' : '');
    const who = make('div', '', 'who');
    who.append(make('b', nameOf(message.sender)), make('time', message.sent.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })));
    line.append(who, make('span', message.text));
    return line;
  }));
  if (messages.length === 0) list.append(make('li', 'Nothing was said yet. Say hello, then open this page in another browser.', 'empty'));
  if (atEnd) list.scrollTop = list.scrollHeight;
}

function showPeople(): void {
  const users = live.tables.user.rows().filter((user) => user.online || user.name !== null);
  users.sort((a, b) => Number(b.online) - Number(a.online) || nameOf(a.identity).localeCompare(nameOf(b.identity)));
  element('people').replaceChildren(...users.map((user) => make('li', nameOf(user.identity) + (user.identity === live.identity ? ' (you)' : ''), user.online ? 'online' : '')));
  const name = element<HTMLInputElement>('name');
  if (document.activeElement !== name) name.value = live.tables.user.get(live.identity)?.name ?? '';
}

live.tables.message.onChange(showMessages);
live.tables.user.onChange(() => {
  showPeople();
  showMessages();
});
live.onState((state) => {
  const word = element('state');
  word.className = state.kind;
  word.textContent = state.kind === 'waiting' ? (state.missing ? `${state.reason} Open main.py and press “Publish database”.` : 'Connection lost, trying again') : { connecting: 'Connecting', live: 'Live', closed: 'Closed' }[state.kind];
  if (state.kind === 'live') showMessages();
});

element('send').addEventListener('submit', (event) => {
  event.preventDefault();
  const input = element<HTMLInputElement>('text');
  const text = input.value;
  void attempt(live.call('send_message', text)).then((done) => {
    if (done && input.value === text) input.value = '';
  });
});
element('rename').addEventListener('submit', (event) => {
  event.preventDefault();
  void attempt(live.call('set_name', element<HTMLInputElement>('name').value));
});
