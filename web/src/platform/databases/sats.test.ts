import { expect, it } from 'vitest';
import { readDefinition } from './definition';
import { parseExact } from './exact-json';
import { emptyDraft, encodeDrafts, type Draft } from './sats-drafts';
import { readType, Typespace, type SatsType } from './sats-types';
import { showValue } from './sats-values';

const types = new Typespace([]);
const primitive = (name: string): SatsType => readType({ [name]: [] });
const option = (inner: object) => readType({ Sum: { variants: [{ name: { some: 'some' }, algebraic_type: inner as never }, { name: { some: 'none' }, algebraic_type: { Product: { elements: [] } } }] } });
const special = (name: string, type: string) => readType({ Product: { elements: [{ name: { some: name }, algebraic_type: { [type]: [] } }] } });
const text = (value: string): Draft => ({ kind: 'text', text: value });
const encodeOne = (type: SatsType, draft: Draft) => encodeDrafts(types, [{ name: 'x', type }], [draft]);

it('keeps the digits of integers that a number cannot hold, and leaves texts and fractions alone', () => {
  expect(parseExact('[18446744073709551615,-9223372036854775808,1,0.12345678901234567890,"a 12345678901234567890 \\" 1"]')).toEqual([
    '18446744073709551615', '-9223372036854775808', 1, 0.12345678901234568, 'a 12345678901234567890 " 1',
  ]);
});

it('writes arguments as exact JSON', () => {
  expect(encodeOne(primitive('U64'), text('18446744073709551615'))).toEqual({ json: '[18446744073709551615]', errors: new Map() });
  expect(encodeOne(primitive('I8'), text(' -0x80 ')).json).toBe('[-128]');
  expect(encodeOne(primitive('String'), text(' "a" ')).json).toBe('[" \\"a\\" "]');
  expect(encodeOne(primitive('F64'), text('007.5')).json).toBe('[7.5]');
  expect(encodeOne(primitive('Bool'), { kind: 'flag', on: true }).json).toBe('[true]');
  expect(encodeOne(option({ U8: [] }), { kind: 'option', present: true, inner: text('7') }).json).toBe('[{"some":7}]');
  expect(encodeOne(option({ U8: [] }), emptyDraft(types, option({ U8: [] }))).json).toBe('[{"none":[]}]');
  expect(encodeOne(readType({ Array: { U8: [] } }), text('0x00fF')).json).toBe('["00fF"]');
  expect(encodeOne(readType({ Array: { I32: [] } }), { kind: 'list', items: [text('1'), text('2')] }).json).toBe('[[1,2]]');
  expect(encodeOne(special('__timestamp_micros_since_unix_epoch__', 'I64'), text('1970-01-01T00:00:01Z')).json).toBe('[[1000000]]');
  expect(encodeOne(special('__identity__', 'U256'), text('c2'.repeat(32))).json).toBe(`[["0x${'c2'.repeat(32)}"]]`);
});

it('says what is wrong, and where', () => {
  const point = readType({ Product: { elements: [{ name: { some: 'at' }, algebraic_type: { Array: { U8: [] } } }, { name: { some: 'n' }, algebraic_type: { U8: [] } }] } });
  const { errors } = encodeOne(point, { kind: 'fields', items: [text('0'), text('256')] });
  expect([...errors.keys()]).toEqual(['x.at', 'x.n']);
  expect(errors.get('x.n')).toContain('from 0 to 255');
  expect(encodeOne(primitive('I32'), text('1.5')).errors.get('x')).toContain('whole number');
  expect(encodeOne(readType({ Array: { I32: [] } }), { kind: 'list', items: [text('1'), text('b')] }).errors.has('x[1]')).toBe(true);
});

it('makes forms of types that contain themselves', () => {
  const tree = new Typespace([readType({ Product: { elements: [{ name: { some: 'left' }, algebraic_type: { Sum: { variants: [{ name: { some: 'some' }, algebraic_type: { Ref: 0 } }, { name: { some: 'none' }, algebraic_type: { Product: { elements: [] } } }] } } }] } })]);
  expect(emptyDraft(tree, { kind: 'ref', index: 0 }).kind).toBe('fields');
});

it('shows values of both forms', () => {
  expect(showValue(types, option({ String: [] }), { some: 'x' }).text).toBe('x');
  expect(showValue(types, option({ String: [] }), [1, []])).toMatchObject({ text: 'none', look: 'absent' });
  expect(showValue(types, special('__identity__', 'U256'), ['0xc2000000000000']).text).toBe('0xc2000000…');
  expect(showValue(types, special('__time_duration_micros__', 'I64'), { __time_duration_micros__: 1_500_000 }).text).toBe('1.5 s');
  expect(showValue(types, primitive('U64'), '18446744073709551615')).toMatchObject({ text: '18446744073709551615', look: 'number' });
  expect(showValue(types, readType({ Array: { String: [] } }), ['a', 'b']).text).toBe('["a", "b"]');
});

it('reads a definition', () => {
  const definition = readDefinition({
    typespace: { types: [{ Product: { elements: [{ name: { some: 'id' }, algebraic_type: { U64: [] } }, { name: { some: 'text' }, algebraic_type: { String: [] } }] } }] },
    types: [],
    tables: [{
      name: 'message', product_type_ref: 0, primary_key: [0], indexes: [{ name: { some: 'i' }, accessor_name: { none: [] }, algorithm: { BTree: { columns: [0] } } }],
      constraints: [{ name: { none: [] }, data: { Unique: { columns: [0] } } }], sequences: [{ name: { none: [] }, column: 0 }], schedule: { none: [] }, table_access: { Public: [] },
    }],
    reducers: [{ name: 'start', params: { elements: [] }, lifecycle: { some: { Init: [] } } }, { name: 'send', params: { elements: [{ name: { some: 'text' }, algebraic_type: { String: [] } }] }, lifecycle: { none: [] } }],
    misc_exports: [],
  });
  expect(definition.tables[0]).toMatchObject({ name: 'message', isPublic: true, key: 0, columns: [{ name: 'id', isKey: true, isCounted: true }, { name: 'text', isKey: false }], indexes: [{ algorithm: 'B-tree', columns: ['id'] }] });
  expect(definition.functions.map(({ name, lifecycle }) => [name, lifecycle])).toEqual([['start', 'when the database is made'], ['send', null]]);
});
