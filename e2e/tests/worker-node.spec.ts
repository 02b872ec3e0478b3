import { connect, type Socket } from 'node:net';
import { expect, test } from '@playwright/test';
import { MATRIX, startWorkerNode } from '../support/worker-node';

const ENVELOPE = '{"meta":[{"name":"method","value":"multiply"}],"content":"{\\"A\\":\\"[[1,2],[3,4]]\\",\\"B\\":\\"[[5,6],[7,8]]\\"}"}';
const PRODUCT = '[[19,22],[43,50]]';

test('the request of requirement 004 is answered by a node that starts and stops cleanly', async () => {
  const node = await startWorkerNode([MATRIX]);
  try {
    const answer = await fetch(`${node.url}/rpc`, { method: 'POST', body: ENVELOPE });
    expect(answer.headers.get('content-length')).toBe(String(PRODUCT.length));
    expect(await answer.text()).toBe(PRODUCT);
    expect((await fetch(`${node.url}/health/ready`)).status).toBe(200);
  } finally {
    expect(await node.stop()).toBe(0);
  }
});

test('a hundred thousand requests are answered whole while connections are used again and closed at random', async () => {
  const node = await startWorkerNode([MATRIX]);
  try {
    const clients = Array.from({ length: 16 }, (_, seed) => new Client(node.port, seed + 1));
    const counts = await Promise.all(clients.map((client) => client.run(100_000 / clients.length)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(100_000);
    expect(clients.reduce((sum, client) => sum + client.connections, 0)).toBeGreaterThan(10_000);
  } finally {
    await node.stop();
  }
});

/** Requests one after the other over plain sockets; after some the connection is closed: by the server, by us, or in the middle of a request. */
class Client {
  connections = 0;
  private socket: Socket | undefined;
  private received = '';
  private waiting: { done: (answer: string) => void; failed: (error: Error) => void } | undefined;

  constructor(
    private readonly port: number,
    private state: number,
  ) {}

  /** Answers with the number of right answers; the first wrong one is an error. */
  async run(requests: number): Promise<number> {
    for (let right = 0; right < requests; right++) {
      const kind = this.random() % 20;
      if (kind === 0) await this.abandon();
      const answer = await this.request(kind === 1);
      if (!answer.startsWith('HTTP/1.1 200 ') || !answer.endsWith(`\r\n\r\n${PRODUCT}`)) throw new Error(`not the answer: ${answer}`);
      if (kind === 1 || kind === 2) this.drop();
    }
    this.drop();
    return requests;
  }

  private random(): number {
    this.state = (Math.imul(this.state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return this.state >>> 8;
  }

  private request(last: boolean): Promise<string> {
    return new Promise((done, failed) => {
      this.waiting = { done, failed };
      const socket = (this.socket ??= this.open());
      socket.write(`POST /rpc HTTP/1.1\r\nHost: node\r\nContent-Length: ${String(ENVELOPE.length)}\r\n${last ? 'Connection: close\r\n' : ''}\r\n${ENVELOPE}`);
    });
  }

  /** Sends half of a request and goes away. */
  private async abandon(): Promise<void> {
    const socket = connect(this.port, '127.0.0.1');
    await new Promise<void>((done) => socket.write(`POST /rpc HTTP/1.1\r\nHost: node\r\nContent-Length: ${String(ENVELOPE.length)}\r\n\r\n{"meta":[`, () => done()));
    socket.destroy();
  }

  private open(): Socket {
    this.connections++;
    this.received = '';
    const socket = connect(this.port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
    socket.on('data', (part: string) => this.hear(part));
    const ended = (): void => {
      if (socket === this.socket) this.waiting?.failed(new Error(`the connection ended after: ${this.received}`));
    };
    socket.on('close', ended).on('error', ended);
    return socket;
  }

  private hear(part: string): void {
    this.received += part;
    const head = this.received.indexOf('\r\n\r\n');
    const length = /content-length: (\d+)/i.exec(this.received)?.[1];
    if (head < 0 || length === undefined || this.received.length < head + 4 + Number(length)) return;
    const answer = this.received;
    this.received = '';
    const waiting = this.waiting;
    this.waiting = undefined;
    waiting?.done(answer);
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = undefined;
    socket?.destroy();
  }
}
