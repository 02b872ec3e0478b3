import { describe, expect, it } from 'vitest';
import { indentAfter, isCompleteEntry } from './python-entry';

describe('an entry is complete', () => {
  it.each(['1 + 1', 'x = "a:b"', 'print("(")', 'if x: y()', '# note (', 'f("""a""")', 'def f():\n    pass\n', 'class A: pass'])('%j', (text) => {
    expect(isCompleteEntry(text)).toBe(true);
  });
  it.each(['f(', 'x = [1,', 'def f():', 'def f():\n    pass', '"""open', 'a = 1 + \\', '@decorator', 'for a in b:', 'try:\n    x()\nexcept E:'])('not %j', (text) => {
    expect(isCompleteEntry(text)).toBe(false);
  });
});

it('indents what follows', () => {
  expect(indentAfter('if x:')).toBe('    ');
  expect(indentAfter('if x:\n    y()')).toBe('    ');
  expect(indentAfter('def f():\n    return 1')).toBe('');
});
