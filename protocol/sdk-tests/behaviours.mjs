// What the official SDKs must find at our server, as tests without a home: sdk.test.mjs runs them in Node, in-page.mjs in Chromium.
import { connection } from './people.mjs';

/**
 * Declares them.
 *
 * @param runner `describe`, `test`, `before`, `after` and `assert` as Node has them
 * @param place `port` and `token` of a server, `run` (a name for what is made there), `module` (the text of people.py), the two
 *   `sdks`, the class `WebSocket` to use, and `unpacks`, which says whether a generation may be asked for a compression here
 */
export function declare({ describe, test, before, after, assert }, place) {
  const { port, token, run, module, sdks } = place;
  let offered = (words) => words;
  const sockets = [];
  /** Notes what was agreed on, and leaves out what a test does not want to offer. */
  globalThis.WebSocket = class extends place.WebSocket {
    constructor(url, words) {
      super(url, offered([words].flat()));
      this.url_ = String(url);
      this.frames = [];
      this.addEventListener('message', ({ data }) => this.frames.push(data));
      sockets.push(this);
    }
  };

  async function http(method, path, body, headers = {}) {
    const answer = await fetch(`http://localhost:${port}/v1${path}`, { method, body, headers: { authorization: `Bearer ${token}`, ...headers } });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path} answers ${answer.status} ${text}`);
    return text;
  }

  /** Something that comes later, or fails after twenty seconds. */
  function later() {
    const parts = Promise.withResolvers();
    const timer = setTimeout(() => parts.reject(new Error('nothing came in twenty seconds')), 20_000);
    parts.promise.finally(() => clearTimeout(timer)).catch(() => {});
    return parts;
  }

  function subscribed(db, ...queries) {
    const { promise, resolve, reject } = later();
    const handle = db.subscriptionBuilder().onApplied(() => resolve(handle)).onError((context, error) => reject(error ?? context.event)).subscribe(queries);
    return promise;
  }

  function unsubscribed(handle) {
    const { promise, resolve } = later();
    handle.unsubscribeThen(() => resolve());
    return promise;
  }

  const names = (db) => [...db.db.person.iter()].map((one) => one.name).sort();

  /** All that a client is told of people, in the order in which it is told. */
  function listen(db) {
    const heard = [];
    const waiting = [];
    const say = (text) => {
      heard.push(text);
      for (const one of waiting) if (heard.length >= one.count) one.resolve(heard);
    };
    db.db.person.onInsert((context, row) => say(`+${row.name}`));
    db.db.person.onUpdate((context, old, row) => say(`${old.name}>${row.name}`));
    db.db.person.onDelete((context, row) => say(`-${row.name}`));
    return {
      heard,
      until(count) {
        const { promise, resolve } = later();
        if (heard.length >= count) resolve(heard);
        else waiting.push({ count, resolve });
        return promise;
      },
    };
  }

  for (const [title, word, sdk, generation, words] of [
    ['2.10.1 over v3', 'v3', sdks[2], 2, (all) => all],
    ['2.10.1 over v2', 'v2', sdks[2], 2, (all) => all.filter((one) => !one.startsWith('v3'))],
    ['1.12.0 over v1', 'v1', sdks[1], 1, (all) => all],
  ]) {
    describe(title, () => {
      const name = `${run}-${word}`;
      const build = connection(sdk, generation);
      const opened = [];

      function open({ token, compression = 'none', confirmed, onDisconnect } = {}) {
        const { promise, resolve, reject } = later();
        let builder = build().withUri(`ws://localhost:${port}`).withCompression(compression).withToken(token)
          .onConnect((db, identity, given) => resolve({ db, identity, token: given, socket: sockets.at(-1) }))
          .onConnectError((context, error) => reject(error));
        builder = generation === 1 ? builder.withModuleName(name) : builder.withDatabaseName(name);
        if (confirmed !== undefined) builder = builder.withConfirmedReads(confirmed);
        if (onDisconnect) builder = builder.onDisconnect(onDisconnect);
        opened.push(builder.build());
        return promise;
      }

      before(async () => {
        offered = words;
        const answer = JSON.parse(await http('PUT', `/database/${name}`, module));
        assert.equal(answer.Success.op, 'created');
      }, { timeout: 60_000 });
      after(async () => {
        opened.forEach((db) => db.disconnect());
        await http('DELETE', `/database/${name}`);
      });

      test('connects over the protocol that is meant', async () => {
        const { identity, token, socket } = await open();
        assert.match(identity.toHexString(), /^c200/);
        assert.ok(token.length > 100);
        assert.equal(socket.protocol, `${word}.bsatn.spacetimedb`);
      });

      test('comes back as the same one with its token, and does not show that token in an address', async () => {
        const first = await open();
        first.db.disconnect();
        const second = await open({ token: first.token });
        await subscribed(second.db, 'SELECT * FROM visit');
        assert.equal(second.identity.toHexString(), first.identity.toHexString());
        assert.ok(!second.socket.url_.includes(first.token));
        assert.match(second.socket.url_, /token=/);
        const visit = [...second.db.db.visit.iter()].find((one) => one.identity.isEqual(second.identity));
        assert.equal(visit.times, 2);
        second.db.disconnect();
        const third = await open({ token: second.token });
        assert.equal(third.identity.toHexString(), first.identity.toHexString());
      });

      test('is told that a wrong token is wrong', async () => {
        await assert.rejects(open({ token: 'a.b.c' }));
      });

      for (const compression of ['none', 'gzip', 'brotli'].filter((one) => place.unpacks(one, generation))) {
        test(`sees rows come, change and go in two clients, ${compression} asked for as compression`, async () => {
          const one = await open({ compression });
          const two = await open({ compression });
          await subscribed(one.db, 'SELECT * FROM person');
          const handle = await subscribed(two.db, 'SELECT * FROM person');
          assert.deepEqual(names(two.db), []);
          const first = listen(one.db);
          const second = listen(two.db);
          const long = 'ada '.repeat(1000);

          one.db.reducers.addPerson({ name: long });
          await first.until(1);
          const [row] = one.db.db.person.iter();
          one.db.reducers.rename({ id: row.id, name: 'grace' });
          one.db.reducers.remove({ id: row.id });
          await Promise.all([first.until(3), second.until(3)]);

          const expected = [`+${long}`, `${long}>grace`, '-grace'];
          assert.deepEqual(first.heard, expected);
          assert.deepEqual(second.heard, expected);
          assert.deepEqual(names(two.db), []);
          for (const { socket } of [one, two]) {
            assert.ok(socket.frames.some((frame) => frame.byteLength > 4000));
            assert.ok(socket.frames.every((frame) => new Uint8Array(frame)[0] === 0), 'a compressed frame would be overtaken in these SDKs');
          }
          await unsubscribed(handle);
          one.db.reducers.addPerson({ name: 'nobody is told' });
          await first.until(4);
          assert.equal(second.heard.length, 3);
          one.db.reducers.clear({});
          await first.until(5);
        });
      }

      test('rows that are there already come with the subscription, and go with it', async () => {
        const { db } = await open({ compression: 'gzip' });
        const heard = listen(db);
        const handle = await subscribed(db, 'SELECT * FROM person');
        for (let i = 0; i < 200; i++) db.reducers.addPerson({ name: `somebody ${i}` });
        await heard.until(200);
        const other = await open({ compression: 'gzip' });
        const part = await subscribed(other.db, "SELECT * FROM person WHERE name = 'somebody 7'");
        assert.deepEqual(names(other.db), ['somebody 7']);
        const all = await subscribed(other.db, 'SELECT * FROM person');
        assert.equal(names(other.db).length, 200);
        await unsubscribed(part);
        assert.equal(names(other.db).length, 200, 'a row that another query shows stays');
        await unsubscribed(all);
        assert.equal(names(other.db).length, 0);
        await unsubscribed(handle);
        assert.equal(names(db).length, 0);
        await subscribed(db, 'SELECT * FROM person');
        db.reducers.clear({});
        await heard.until(200 + 200 + 200 + 200);
      });

      test('a subscription that fails is told to it alone', async () => {
        const { db } = await open();
        for (const query of ['SELECT * FROM secret', 'SELECT * FROM nothing', 'SELECT nonsense']) await assert.rejects(subscribed(db, query));
        await subscribed(db, 'SELECT * FROM person');
      });

      test('a view shows each client its own rows and follows them', async () => {
        const one = await open();
        const two = await open();
        await subscribed(one.db, 'SELECT * FROM my_visits');
        await subscribed(two.db, 'SELECT * FROM my_visits');
        const seen = ({ db }) => [...(db.db.my_visits ?? db.db.myVisits).iter()].map((row) => `${row.identity.toHexString()} ${row.times}`);
        assert.deepEqual(seen(one), [`${one.identity.toHexString()} 1`]);
        assert.deepEqual(seen(two), [`${two.identity.toHexString()} 1`]);
        const changed = later();
        (one.db.db.my_visits ?? one.db.db.myVisits).onInsert((context, row) => changed.resolve(row.times));
        await open({ token: one.token });
        assert.equal(await changed.promise, 2);
        assert.deepEqual(seen(one), [`${one.identity.toHexString()} 2`]);
        assert.deepEqual(seen(two), [`${two.identity.toHexString()} 1`]);
      });

      test('procedures return values, write, and break', async () => {
        const { db } = await open();
        await subscribed(db, 'SELECT * FROM person');
        const heard = listen(db);
        assert.equal(await db.procedures.sumIt({ a: 2, b: 40 }), 42n);
        assert.equal(await db.procedures.addTwo({ name: 'zoe' }), 2);
        assert.deepEqual((await heard.until(2)).toSorted?.() ?? [...heard.heard].sort(), ['+zoe 1', '+zoe 2']);
        await assert.rejects(db.procedures.breakIt({}));
        assert.equal(await db.procedures.sumIt({ a: 1, b: 1 }), 2n);
        db.reducers.clear({});
        await heard.until(4);
      });

      test('a client that is cut off comes back and sees what it missed', async () => {
        const gone = later();
        const { db, token, socket } = await open({ onDisconnect: () => gone.resolve() });
        await subscribed(db, 'SELECT * FROM person');
        const heard = listen(db);
        db.reducers.addPerson({ name: 'before' });
        await heard.until(1);
        socket.close();
        await gone.promise;
        const other = await open();
        await subscribed(other.db, 'SELECT * FROM person');
        const also = listen(other.db);
        other.db.reducers.addPerson({ name: 'meanwhile' });
        await also.until(1);

        const again = await open({ token });
        await subscribed(again.db, 'SELECT * FROM person');
        assert.deepEqual(names(again.db), ['before', 'meanwhile']);
        again.db.reducers.clear({});
        await also.until(3);
      });

      if (generation === 2) {
        test('reducers end well, are refused, or break, and leave nothing behind then', async () => {
          const { db } = await open();
          await subscribed(db, 'SELECT * FROM person');
          await db.reducers.noOp({});
          await assert.rejects(db.reducers.fail({ message: 'not today' }), { name: 'SenderError', message: 'not today' });
          await assert.rejects(db.reducers.endless({}), { name: 'InternalError' });
          await assert.rejects(db.reducers.nowhere({}), { name: 'InternalError', message: 'no such reducer' });
          await db.reducers.addPerson({ name: 'ada' });
          assert.deepEqual(names(db), ['ada']);
          await db.reducers.clear({});
          assert.deepEqual(names(db), []);
        });

        test('answers come in the order of the calls, many at once, confirmed or not', async () => {
          for (const confirmed of [true, false]) {
            const { db } = await open({ confirmed });
            await subscribed(db, 'SELECT * FROM person');
            const order = [];
            await Promise.all(Array.from({ length: 500 }, (_, i) => db.reducers.addPerson({ name: String(i) }).then(() => order.push(i))));
            assert.deepEqual(order, Array.from({ length: 500 }, (_, i) => i));
            assert.equal(names(db).length, 500);
            await db.reducers.clear({});
          }
        });

        test('events are heard and not kept', async () => {
          const { db } = await open();
          await subscribed(db, 'SELECT * FROM shout');
          const heard = later();
          db.db.shout.onInsert((context, row) => heard.resolve(row.text));
          await db.reducers.shout({ text: 'hey' });
          assert.equal(await heard.promise, 'hey');
          assert.equal(Number(db.db.shout.count()), 0);
        });
      } else {
        test('reducers end well, are refused, or break, and others are told of those that end well', async () => {
          const { db } = await open();
          await subscribed(db, 'SELECT * FROM person');
          const status = (register) => {
            const { promise, resolve } = later();
            register((context) => resolve(context.event.status));
            return promise;
          };
          const failed = status((then) => db.reducers.onFail(then));
          db.reducers.fail({ message: 'not today' });
          assert.deepEqual(await failed, { tag: 'Failed', value: 'not today' });
          const broken = status((then) => db.reducers.onEndless(then));
          db.reducers.endless({});
          assert.equal((await broken).tag, 'Failed');
          const done = status((then) => db.reducers.onAddPerson(then));
          db.reducers.addPerson({ name: 'ada' });
          assert.equal((await done).tag, 'Committed');
          assert.deepEqual(names(db), ['ada']);
          const cleared = status((then) => db.reducers.onClear(then));
          db.reducers.clear({});
          await cleared;
        });
      }
    });
  }
}
