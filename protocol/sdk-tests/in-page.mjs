// The behaviours inside of a page: as much of a test runner as they need, one test after the other. chromium.test.mjs bundles this,
// calls `run` and gets what became of each test.
import * as sdk1 from 'spacetimedb-1';
import * as sdk2 from 'spacetimedb';
import { declare } from './behaviours.mjs';

class Unequal extends Error {}

function same(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && same(a[key], b[key]));
}

const text = (value) => JSON.stringify(value, (key, one) => (typeof one === 'bigint' ? `${one}n` : one))?.slice(0, 500);

function must(holds, message) {
  if (!holds) throw new Unequal(message);
}

const assert = {
  ok: (value, message) => must(value, message ?? 'it does not hold'),
  equal: (a, b, message) => must(Object.is(a, b), message ?? `${text(a)} is not ${text(b)}`),
  deepEqual: (a, b, message) => must(same(a, b), message ?? `${text(a)} is not ${text(b)}`),
  match: (value, pattern) => must(pattern.test(value), `${text(value)} does not match ${pattern}`),
  async rejects(promise, expected = {}) {
    const reason = await promise.then(() => new Unequal('it did not fail'), (error) => error);
    if (reason instanceof Unequal) throw reason;
    for (const [key, value] of Object.entries(expected)) must(reason?.[key] === value, `${key} is ${text(reason?.[key])}, not ${text(value)}`);
  },
};

/** The second generation refuses by itself what the browser cannot unpack. */
function unpacks(compression, generation) {
  if (compression !== 'brotli' || generation === 1) return true;
  try {
    return new DecompressionStream('brotli') instanceof DecompressionStream;
  } catch {
    return false;
  }
}

globalThis.run = async (place) => {
  const groups = [];
  let group;
  declare({
    describe(title, content) {
      group = { title, tests: [], before: [], after: [] };
      groups.push(group);
      content();
    },
    test: (title, content) => group.tests.push({ title, content }),
    before: (content) => group.before.push(content),
    after: (content) => group.after.push(content),
    assert,
  }, { ...place, sdks: { 1: sdk1, 2: sdk2 }, WebSocket: globalThis.WebSocket, unpacks });

  const results = [];
  for (const { title, tests, before, after } of groups) {
    const outcomes = [];
    results.push({ title, outcomes });
    const attempt = async (name, content) => {
      try {
        await content();
        outcomes.push({ name, failure: null });
      } catch (error) {
        outcomes.push({ name, failure: error?.stack ?? String(error) });
      }
    };
    for (const one of before) await attempt('is prepared', one);
    for (const one of tests) await attempt(one.title, one.content);
    for (const one of after) await attempt('is put away', one);
  }
  return results;
};
