import { expect, it } from 'vitest';
import { fuzzyMatch, fuzzyRank } from './fuzzy';

const rank = (query: string, items: string[]) => fuzzyRank(query, items, (item) => item).map(({ item }) => item);

it('needs all characters in order', () => {
  expect(fuzzyMatch('mpy', 'main.py')).not.toBeNull();
  expect(fuzzyMatch('ypm', 'main.py')).toBeNull();
});

it('prefers file names to folders, beginnings to middles, runs to single hits', () => {
  expect(rank('main', ['main/other.txt', 'src/main.py'])[0]).toBe('src/main.py');
  expect(rank('fb', ['offbeat.py', 'foo_bar.py'])[0]).toBe('foo_bar.py');
  expect(rank('plot', ['p_l_o_t.py', 'plot.py'])[0]).toBe('plot.py');
});

it('marks the characters of the best alignment', () => {
  expect(fuzzyMatch('ab', 'a/ab')?.positions).toEqual([2, 3]);
});

it('ignores spaces and case', () => {
  expect(fuzzyMatch('re ad', 'README.md')?.positions).toEqual([0, 1, 2, 3]);
});

it('is fast over many long paths', () => {
  const paths = Array.from({ length: 20_000 }, (_, index) => `project/package_${index % 97}/module_${index}/some_longer_file_name_${index}.py`);
  const start = performance.now();
  rank('pkmodname42', paths);
  expect(performance.now() - start).toBeLessThan(2500);
});
