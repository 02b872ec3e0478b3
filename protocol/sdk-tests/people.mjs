// What the generator of bindings writes for people.py, by hand, for both generations of the official SDK.
export function connection(sdk, generation) {
  const { t } = sdk;
  const keyed = (name, key) => ({
    name,
    indexes: [{ accessor: key, name: `${name}_${key}_idx_btree`, algorithm: 'btree', columns: [key] }],
    constraints: [{ name: `${name}_${key}_key`, constraint: 'unique', columns: [key] }],
  });
  const person = sdk.table(keyed('person', 'id'), t.row({ id: t.u32().primaryKey(), name: t.string() }));
  const visit = sdk.table(keyed('visit', 'identity'), t.row({ identity: t.identity().primaryKey(), times: t.u32() }));
  const mine = sdk.table({ name: 'my_visits', indexes: [], constraints: [] }, t.row({ identity: t.identity(), times: t.u32() }));
  const shout = sdk.table({ name: 'shout', indexes: [], constraints: [], event: true }, t.row({ text: t.string() }));
  const tables = generation === 1 ? sdk.schema(person, visit, mine) : sdk.schema({ person, visit, my_visits: mine, shout });
  const reducers = sdk.reducers(
    sdk.reducerSchema('add_person', { name: t.string() }),
    sdk.reducerSchema('rename', { id: t.u32(), name: t.string() }),
    sdk.reducerSchema('remove', { id: t.u32() }),
    sdk.reducerSchema('clear', {}),
    sdk.reducerSchema('shout', { text: t.string() }),
    sdk.reducerSchema('fail', { message: t.string() }),
    sdk.reducerSchema('endless', {}),
    sdk.reducerSchema('no_op', {}),
    sdk.reducerSchema('nowhere', {}),
  );
  const procedures = sdk.procedures(
    sdk.procedureSchema('sum_it', { a: t.u32(), b: t.u32() }, t.u64()),
    sdk.procedureSchema('add_two', { name: t.string() }, t.u32()),
    sdk.procedureSchema('break_it', {}, t.u32()),
  );
  const remote = {
    versionInfo: { cliVersion: generation === 1 ? '1.12.0' : '2.10.1' },
    tables: tables.schemaType.tables,
    reducers: reducers.reducersType.reducers,
    ...procedures,
  };
  return () => new sdk.DbConnectionBuilder(remote, (config) => new sdk.DbConnectionImpl(config));
}
