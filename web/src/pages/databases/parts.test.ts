import { expect, it } from 'vitest';
import { addStatement, markOf, readHistory } from './sql-history';

it('keeps each statement once, the newest first', () => {
  const kept = new Map<string, string>();
  const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
  addStatement(storage, 'chat', 'a');
  addStatement(storage, 'chat', 'b');
  expect(addStatement(storage, 'chat', 'a')).toEqual(['a', 'b']);
  kept.set('cloche.sql.chat', 'broken');
  expect(readHistory(storage, 'chat')).toEqual([]);
});

it('finds the line of a mistake', () => {
  expect(markOf({ text: '', statement: 'SELECT *\nFROM x', position: 14 })).toEqual({ line: 'FROM x', number: 2, column: 6, at: 14 });
  expect(markOf({ text: '', statement: 'SELECT', position: 99 })).toMatchObject({ line: 'SELECT', number: 1, column: 7 });
  expect(markOf({ text: '', statement: 'x', position: null })).toBeNull();
});
