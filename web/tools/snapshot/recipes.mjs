/**
 * Which snapshots there are: the packages inside and the Python files that warm them up, in order.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export const recipes = [
  { name: 'base', packages: [], warmUp: ['base.py'] },
  { name: 'plot', packages: ['numpy', 'matplotlib'], warmUp: ['base.py', 'plot.py'] },
  { name: 'data', packages: ['numpy', 'matplotlib', 'pandas'], warmUp: ['base.py', 'plot.py', 'data.py'] },
  { name: 'flask', packages: ['flask'], warmUp: ['base.py', 'flask.py'] },
  { name: 'fastapi', packages: ['fastapi', 'python-multipart'], warmUp: ['base.py', 'fastapi.py'] },
];

/** The warm-up as one Python program; each file runs in a namespace of its own, `settle.py` comes last. */
export async function warmUpOf({ warmUp }) {
  const parts = [];
  for (const file of [...warmUp, 'settle.py']) {
    const text = await readFile(join(import.meta.dirname, 'warm-up', file), 'utf8');
    const literal = JSON.stringify(text).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
    parts.push(`exec(compile(${literal}, ${JSON.stringify(file)}, "exec"), {"__name__": "warm_up"})`);
  }
  return parts.join('\n');
}
