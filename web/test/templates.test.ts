import { expect, it } from 'vitest';
import { compileTemplates, presentScripts } from '../tools/templates/compile.mjs';

it('the TypeScript of the templates is right, and their JavaScript is made of it (npm run templates)', () => {
  const { scripts, faults } = compileTemplates();

  expect(faults).toEqual([]);
  expect(presentScripts()).toEqual(scripts);
}, 120_000);
