/**
 * A shelf is one or more folders of wheels; it finds the wheels of a package and of all that it requires.
 */
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readZip } from './zip.mjs';

const TAG = /-(py3|py2\.py3|cp314)-(none|cp314|abi3)-(any|pyemscripten_2026_0_wasm32)\.whl$/;

export async function openShelf(folders) {
  const wheels = new Map();
  for (const folder of folders) {
    for (const file of (await readdir(folder)).filter((name) => TAG.test(name)).sort()) {
      const bytes = await readFile(join(folder, file));
      const wheel = readWheel(file, bytes);
      if (wheels.has(wheel.name)) {
        throw new Error(`two wheels of ${wheel.name}: ${wheels.get(wheel.name).file} and ${file}`);
      }
      wheels.set(wheel.name, wheel);
    }
  }
  return { closure: (names) => closure(wheels, names) };
}

/** `files` are relative to site-packages. */
function readWheel(file, bytes) {
  const entries = readZip(bytes);
  const metadata = entries.find(({ path }) => /^[^/]+\.dist-info\/METADATA$/.test(path));
  if (!metadata) {
    throw new Error(`${file} has no METADATA`);
  }
  const headers = new TextDecoder().decode(metadata.bytes).split(/\r?\n\r?\n/, 1)[0];
  const field = (name) => new RegExp(`^${name}: (.+)$`, 'm').exec(headers)?.[1].trim();
  return {
    file,
    name: normalise(field('Name')),
    version: field('Version'),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    requires: [...headers.matchAll(/^Requires-Dist: (.+)$/gm)].map(([, text]) => requirement(text)).filter(Boolean),
    files: entries.map(({ path, bytes: content }) => ({ path: sitePath(path), bytes: content })).filter(({ path }) => path),
  };
}

/** Optional extras are left out; a requirement with another condition is followed when its wheel is there. */
function requirement(text) {
  const [spec, marker] = text.split(';', 2);
  if (marker?.includes('extra')) {
    return undefined;
  }
  return { name: normalise(/^[\w.-]+/.exec(spec)[0]), optional: marker !== undefined };
}

function closure(wheels, names) {
  const found = new Map();
  const visit = ({ name, optional }, from) => {
    const wheel = wheels.get(name);
    if (!wheel && !optional) {
      throw new Error(`no wheel of ${name}${from ? `, which ${from} needs` : ''}`);
    }
    if (wheel && !found.has(name)) {
      found.set(name, wheel);
      wheel.requires.forEach((next) => visit(next, name));
    }
  };
  names.forEach((name) => visit({ name, optional: false }));
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `NAME.data/purelib` and `platlib` belong to site-packages, the other schemes have no place in the tab. */
function sitePath(path) {
  const data = /^[^/]+\.data\/([^/]+)\/(.+)$/.exec(path);
  if (data) {
    return data[1] === 'purelib' || data[1] === 'platlib' ? data[2] : undefined;
  }
  return path;
}

function normalise(name) {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}
