import { isObject, list, member, some, textOf, type Json } from './exact-json';
import { readElements, readType, type SatsElement, type SatsType, Typespace } from './sats-types';

export interface Column extends SatsElement {
  readonly isKey: boolean;
  readonly isUnique: boolean;
  readonly isCounted: boolean;
}

export interface IndexOf {
  readonly name: string;
  readonly algorithm: string;
  readonly columns: readonly string[];
}

/** A table, or a view, which is read like one. */
export interface TableDefinition {
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly isPublic: boolean;
  readonly columns: readonly Column[];
  /** The number of the column that tells rows apart; null if there is none. */
  readonly key: number | null;
  readonly indexes: readonly IndexOf[];
  readonly schedules: string | null;
}

/** Something that can be called. */
export interface FunctionDefinition {
  readonly name: string;
  readonly kind: 'reducer' | 'procedure';
  readonly parameters: readonly SatsElement[];
  readonly result: SatsType | null;
  /** The moment at which it runs by itself: such reducers are not called. */
  readonly lifecycle: string | null;
}

/** What a module offers, out of `RawModuleDef` version 9. */
export interface Definition {
  readonly types: Typespace;
  readonly tables: readonly TableDefinition[];
  readonly functions: readonly FunctionDefinition[];
}

/** Reads the JSON of `GET /v1/database/NAME/schema?version=9`. */
export function readDefinition(json: Json): Definition {
  const names = new Map(list(member(json, 'types')).map((named) => [Number(member(named, 'ty')), textOf(member(member(named, 'name'), 'name'))]));
  const types = new Typespace(list(member(member(json, 'typespace'), 'types')).map(readType), names);
  const extra = list(member(json, 'misc_exports'));
  const views = extra.flatMap((one) => readView(types, member(one, 'View')));
  return {
    types,
    tables: [...list(member(json, 'tables')).map((table) => readTable(types, table)), ...views].sort((a, b) => (a.name < b.name ? -1 : 1)),
    functions: [...list(member(json, 'reducers')).map(readReducer), ...extra.flatMap((one) => readProcedure(member(one, 'Procedure')))],
  };
}

function readTable(types: Typespace, json: Json): TableDefinition {
  const row = types.resolve({ kind: 'ref', index: Number(member(json, 'product_type_ref')) });
  const elements = row.kind === 'product' ? row.elements : [];
  const key = list(member(json, 'primary_key')).map(Number);
  const unique = list(member(json, 'constraints')).map((one) => list(member(member(member(one, 'data'), 'Unique'), 'columns')).map(Number));
  const counted = list(member(json, 'sequences')).map((one) => Number(member(one, 'column')));
  const schedule = some(member(json, 'schedule'));
  return {
    name: textOf(member(json, 'name')),
    kind: 'table',
    isPublic: member(member(json, 'table_access'), 'Public') !== undefined,
    columns: elements.map((element, index) => ({
      ...element,
      isKey: key.includes(index),
      isUnique: unique.some((columns) => columns.length === 1 && columns[0] === index),
      isCounted: counted.includes(index),
    })),
    key: key.length === 1 ? (key[0] ?? null) : null,
    indexes: list(member(json, 'indexes')).map((index) => readIndex(elements, index)),
    schedules: schedule === undefined ? null : textOf(member(schedule, 'reducer_name')),
  };
}

function readIndex(elements: readonly SatsElement[], json: Json): IndexOf {
  const algorithm = member(json, 'algorithm');
  const [kind = '', body] = isObject(algorithm) ? (Object.entries(algorithm)[0] ?? []) : [];
  // a hash or B-tree index has columns, a direct one has a column; both may stand there without their name
  const columns = member(body, 'columns') ?? member(body, 'column') ?? body;
  const numbers = Array.isArray(columns) ? columns.map(Number) : [Number(columns)];
  return { name: textOf(some(member(json, 'name'))), algorithm: kind === 'BTree' ? 'B-tree' : kind.toLowerCase(), columns: numbers.map((at) => elements[at]?.name ?? String(at)) };
}

/** A view answers an array or an option of rows, or a query over a table. */
function readView(types: Typespace, json: Json | undefined): TableDefinition[] {
  if (json === undefined) return [];
  let row = types.resolve(readType(member(json, 'return_type')));
  if (row.kind === 'array') row = types.resolve(row.element);
  else if (row.kind === 'sum') row = types.resolve(types.optional(row) ?? row);
  const only = row.kind === 'product' && row.elements.length === 1 ? row.elements[0] : undefined;
  if (only?.name === '__query__') row = types.resolve(only.type);
  const elements = row.kind === 'product' ? row.elements : [];
  return [{
    name: textOf(member(json, 'name')),
    kind: 'view',
    isPublic: member(json, 'is_public') === true,
    columns: elements.map((element) => ({ ...element, isKey: false, isUnique: false, isCounted: false })),
    key: null,
    indexes: [],
    schedules: null,
  }];
}

const MOMENTS: Readonly<Record<string, string>> = { Init: 'when the database is made', OnConnect: 'when a client connects', OnDisconnect: 'when a client leaves' };

function readReducer(json: Json): FunctionDefinition {
  const lifecycle = some(member(json, 'lifecycle'));
  const moment = isObject(lifecycle) ? Object.keys(lifecycle)[0] : undefined;
  return {
    name: textOf(member(json, 'name')),
    kind: 'reducer',
    parameters: readElements(member(member(json, 'params'), 'elements')),
    result: null,
    lifecycle: moment === undefined ? null : (MOMENTS[moment] ?? moment),
  };
}

function readProcedure(json: Json | undefined): FunctionDefinition[] {
  if (json === undefined) return [];
  return [{ name: textOf(member(json, 'name')), kind: 'procedure', parameters: readElements(member(member(json, 'params'), 'elements')), result: readType(member(json, 'return_type')), lifecycle: null }];
}
