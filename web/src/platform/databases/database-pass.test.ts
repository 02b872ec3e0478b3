import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DatabasePass, type Pass } from './database-pass';

const MINUTE = 60_000;
let asked = 0;
const ask = (): Promise<Pass> => Promise.resolve({ token: `token ${++asked}`, identity: 'c2', until: Date.now() + 10 * MINUTE });

beforeEach(() => {
  asked = 0;
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('is asked for once by many, and anew a minute before it ends', async () => {
  const pass = new DatabasePass(ask);
  expect(await Promise.all([pass.token(), pass.token(), pass.identity()])).toEqual(['token 1', 'token 1', 'c2']);
  vi.setSystemTime(Date.now() + 8 * MINUTE);
  expect(await pass.token()).toBe('token 1');
  vi.setSystemTime(Date.now() + 1.5 * MINUTE);
  expect(await Promise.all([pass.token(), pass.token()])).toEqual(['token 2', 'token 2']);
});

it('is asked for anew when the server did not take it', async () => {
  const pass = new DatabasePass(ask);
  await pass.token();
  pass.forget();
  expect(await pass.token()).toBe('token 2');
});

it('does not remember a failure', async () => {
  let isDown = true;
  const pass = new DatabasePass(() => (isDown ? Promise.reject(new Error('down')) : ask()));
  await expect(pass.token()).rejects.toThrow('down');
  isDown = false;
  expect(await pass.token()).toBe('token 1');
});
