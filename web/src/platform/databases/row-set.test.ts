import { expect, it } from 'vitest';
import { LogReader } from './log-lines';
import { changesOf, Events, RowSet } from './row-set';

const shown = (rows: RowSet) => rows.all.map(({ value, change, version }) => [value, change, version]);

it('keeps the place of a row that is deleted and inserted with the same key', () => {
  const rows = new RowSet({ name: 'id', index: 0 }, 10);
  rows.begin(['{"id":1,"n":"a"}', '{"id":2,"n":"b"}']);
  rows.apply({ deletes: ['{"id":1,"n":"a"}'], inserts: ['{"id":3,"n":"c"}', '{"id":1,"n":"A"}'] });
  expect(shown(rows)).toEqual([[{ id: 1, n: 'A' }, 'updated', 1], [{ id: 2, n: 'b' }, 'inserted', 0], [{ id: 3, n: 'c' }, 'inserted', 1]]);
  rows.apply({ deletes: ['{"id":2,"n":"b"}'], inserts: [] });
  expect(rows.all.map(({ key }) => key)).toEqual(['1', '3']);
});

it('tells rows without a key apart by all they hold, and begins anew', () => {
  const rows = new RowSet(null, 10);
  rows.begin(['{"a":1}', '{"a":2}']);
  rows.apply({ deletes: ['{"a":1}'], inserts: ['{"a":3}'] });
  expect(rows.all.map(({ value }) => value)).toEqual([{ a: 2 }, { a: 3 }]);
  rows.begin(['{"a":9}']);
  expect(rows.all).toHaveLength(1);
});

it('keeps the newest events first, equal ones apart, and no more than it may', () => {
  const events = new Events(3);
  events.begin([]);
  events.apply({ deletes: [], inserts: ['{"text":"a"}', '{"text":"b"}'] });
  events.apply({ deletes: [], inserts: ['{"text":"a"}'] });
  expect(events.all.map(({ value }) => value)).toEqual([{ text: 'a' }, { text: 'b' }, { text: 'a' }]);
  expect(new Set(events.all.map(({ key }) => key)).size).toBe(3);
  expect(events.isCut).toBe(false);
  events.begin([]);
  events.apply({ deletes: [], inserts: ['{"text":"c"}'] });
  expect(events.all.map(({ value }) => value)).toEqual([{ text: 'c' }, { text: 'a' }, { text: 'b' }]);
  expect(events.isCut).toBe(true);
});

it('does not grow without bound', () => {
  const rows = new RowSet(null, 2);
  rows.begin(['1', '2', '3']);
  expect(rows.all).toHaveLength(2);
  expect(rows.isCut).toBe(true);
});

it('takes the changes of one table out of a message', () => {
  const update = { tables: [{ table_name: 'b', updates: [{ deletes: ['x'], inserts: [] }] }, { table_name: 'a', updates: [{ deletes: [], inserts: ['1'] }, { deletes: ['2'], inserts: ['3'] }] }] };
  expect(changesOf(update, 'a')).toEqual({ deletes: ['2'], inserts: ['1', '3'] });
  expect(changesOf(undefined, 'a')).toEqual({ deletes: [], inserts: [] });
});

it('cuts the log into lines, wherever the stream is cut', () => {
  const bytes = new TextEncoder().encode('{"level":"Info","ts":1,"filename":"chat.py","line_number":31,"message":"grüße"}\nno json\n{"level":"Panic","ts":2,"message":"x","trace":[{"func_name":"f"}]}\n');
  for (let cut = 0; cut <= bytes.length; cut++) {
    const reader = new LogReader();
    const lines = [...reader.read(bytes.subarray(0, cut)), ...reader.read(bytes.subarray(cut))];
    expect(lines.map(({ number, level, message, place, trace }) => [number, level, message, place, trace])).toEqual([[1, 'Info', 'grüße', 'chat.py:31', []], [2, 'Panic', 'x', null, ['f']]]);
  }
});
