import { expect, it } from 'vitest';
import { appNameProblem, entryProblem, suggestName } from './publish-model';

it('suggests names that are good', () => {
  for (const name of ['My Flask App!', 'Größe – 2', '???', 'a'.repeat(80), '-x-']) expect(appNameProblem(suggestName(name))).toBeNull();
  expect(suggestName('My Flask App!')).toBe('my-flask-app');
  expect(suggestName('Größe – 2')).toBe('gro-e-2');
});

it('says what is wrong with a name', () => {
  expect(appNameProblem('')).toContain('needs a name');
  expect(appNameProblem('Big')).toContain('Small letters');
  expect(appNameProblem('-a')).toContain('begins and ends');
  expect(appNameProblem('a'.repeat(41))).toContain('40');
  expect(appNameProblem('a')).toBeNull();
});

it('wants an entry for Python apps', () => {
  expect(entryProblem('wsgi', 'app:app')).toBeNull();
  expect(entryProblem('asgi', 'pkg.main:api')).toBeNull();
  expect(entryProblem('wsgi', 'app')).not.toBeNull();
  expect(entryProblem('static', '')).toBeNull();
});
