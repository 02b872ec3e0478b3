import { describe, expect, it } from 'vitest';
import { argumentsProblem, splitArguments } from './program-arguments';

describe('arguments of a program', () => {
  it.each([
    ['', []],
    ['  one   two ', ['one', 'two']],
    ['"two words" \'and more\'', ['two words', 'and more']],
    ['--name="Ada Lovelace" ""', ['--name=Ada Lovelace', '']],
    ['a\\ b "say \\"hi\\"" \'C:\\new\'', ['a b', 'say "hi"', 'C:\\new']],
  ])('splits %j', (line, words) => {
    expect(splitArguments(line)).toEqual(words);
  });

  it('names a quote that is not closed', () => {
    expect(argumentsProblem('"open')).toBe('A quote is not closed.');
    expect(argumentsProblem('"closed" \\"')).toBeNull();
    expect(argumentsProblem('x'.repeat(2001))).toMatch(/2,000/);
  });
});
