// What people write with the bindings; it only has to compile.
import { DbConnection, type EventContext, type Shape } from './index';

const conn: DbConnection = DbConnection.builder().withUri('ws://x').withModuleName('everything').withToken('x')
  .onConnect((c) => { c.subscriptionBuilder().subscribe(['SELECT * FROM thing']); })
  .build();
conn.db.thing.onInsert((context: EventContext, row) => {
  const id: bigint = row.id;
  const shape: Shape = row.shape;
  if (shape.tag === 'Circle') { const radius: number = shape.value; console.log(radius); }
  console.log(context, id, row.name, row.createdAt.toDate(), row.point.x, row.colour.tag, row.tree.children, row.data.length);
});
conn.db.thing.onUpdate((_context, before, after) => console.log(before.nick, after.nick));
console.log(conn.db.thing.nick.find('x')?.tree.value, conn.db.thing.id.find(1n)?.colour.tag);
for (const row of conn.db.thing.colourName.filter('red')) console.log(row.name);
conn.reducers.sendMessage({ text: 'x', shape: { tag: 'Circle', value: 1 }, maybe: undefined });
export const sum: Promise<bigint> = conn.procedures.sumIt({ a: 1, p: { x: 1, y: 2 } });
// @ts-expect-error there is no such reducer
void conn.reducers.nobody({});
