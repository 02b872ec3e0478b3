// What people write with the bindings; it only has to compile.
import { DbConnection, tables, type EventContext, type Shape, type Thing } from './index';

const conn: DbConnection = DbConnection.builder().withUri('ws://x').withDatabaseName('everything').withToken('x')
  .onConnect((c) => { c.subscriptionBuilder().subscribe(['SELECT * FROM thing']); c.subscriptionBuilder().subscribe([tables.thing, tables.greens]); })
  .build();
conn.db.thing.onInsert((context: EventContext, row) => {
  const id: bigint = row.id;
  const name: string | undefined = row.name;
  const shape: Shape = row.shape;
  if (shape.tag === 'Circle') { const radius: number = shape.value; console.log(radius); }
  console.log(context, id, name, row.createdAt.toDate(), row.point.x, row.colour.tag, row.tree.children, row.data.length);
});
conn.db.thing.onUpdate((_context, before, after) => console.log(before.nick, after.nick));
const found: Thing | null | undefined = conn.db.thing.nick.find('x') as Thing | undefined;
console.log(found?.tree.value, conn.db.thing.id.find(1n)?.colour.tag);
for (const row of conn.db.thing.colourName.filter('red')) console.log(row.name);
conn.db.hasHappened.onInsert((_context, row) => console.log(row.text));
export const sent: Promise<void> = conn.reducers.sendMessage({ text: 'x', shape: { tag: 'Circle', value: 1 }, maybe: undefined });
export const sum: Promise<bigint> = conn.procedures.sumIt({ a: 1, p: { x: 1, y: 2 } });
export const things: Promise<Thing[]> = conn.procedures.things({});
// @ts-expect-error there is no such reducer
void conn.reducers.nobody({});
// @ts-expect-error a private table is not there
console.log(conn.db.secret);
