import { expect, it } from 'vitest';
import { importedNames, isStandardModule } from './python-imports';

it('finds the names of all forms of import', () => {
  const source = `
import numpy as np, os.path
from matplotlib import pyplot as plt
from . import sibling
from .other import thing
def f():
    import pandas
if True: pass; import yaml
from fastapi import (
    FastAPI,
    Request,
)
import a.b.c as d
`;
  expect(importedNames(source)).toEqual(['numpy', 'os', 'matplotlib', 'pandas', 'yaml', 'fastapi', 'a']);
});

it('skips strings and comments', () => {
  const source = `
"""
import nothing
"""
text = 'import neither'  # import this
x = """ " ' """
import real
important = 1
`;
  expect(importedNames(source)).toEqual(['real']);
});

it('knows what comes with Python', () => {
  expect(['json', 'sqlite3', 'js', '_thread'].every(isStandardModule)).toBe(true);
  expect(isStandardModule('numpy')).toBe(false);
});
