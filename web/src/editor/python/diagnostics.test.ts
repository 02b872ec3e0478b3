import { expect, it } from 'vitest';
import { isPedantic, isSaidTwice, unresolvedImport } from './diagnostics';

it('names the top of an import that was not found, and nothing else', () => {
  expect(unresolvedImport({ code: 'reportMissingImports', message: 'Import "matplotlib.pyplot" could not be resolved' })).toBe('matplotlib');
  expect(unresolvedImport({ code: 'reportMissingImports', message: 'Import ".local" could not be resolved' })).toBeNull();
  expect(unresolvedImport({ code: 'reportUndefinedVariable', message: '"np" is not defined' })).toBeNull();
});

it('does not say twice what the type checker says, nor what is pedantic', () => {
  expect(['F821', 'E999', null].every(isSaidTwice)).toBe(true);
  expect(isSaidTwice('F401')).toBe(false);
  expect(isPedantic({ code: 'reportAttributeAccessIssue', message: 'Cannot assign to attribute "sort_keys" for class "JSONProvider"' })).toBe(true);
  expect(isPedantic({ code: 'reportAttributeAccessIssue', message: '"linsapce" is not a known attribute of module "numpy"' })).toBe(false);
});
