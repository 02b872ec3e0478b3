import { describe, expect, test } from 'vitest';
import { CookieJar } from './cookie-jar';

const NOW = Date.UTC(2026, 10, 21);
const HOUR = 3_600_000;
const url = (path: string): URL => new URL(`http://todo.app.cloche.localhost:3000${path}`);

function jar(...lines: string[]): CookieJar {
  const cookies = new CookieJar();
  lines.forEach((line) => { cookies.take(line, url('/shop/cart'), NOW); });
  return cookies;
}

describe('a cookie', () => {
  test('comes back on the paths below its own', () => {
    const cookies = jar('all=1; Path=/', 'shop=2; Path=/shop', 'default=3', 'other=4; Path=/other');

    expect(cookies.header(url('/shop/x'), NOW)).toBe('shop=2; default=3; all=1');
    expect(cookies.header(url('/shopping'), NOW)).toBe('all=1');
    expect(cookies.header(url('/'), NOW)).toBe('all=1');
  });

  test('ends when it says so; Max-Age wins over Expires', () => {
    const cookies = jar('a=1; Max-Age=60', `b=2; Expires=${new Date(NOW + HOUR).toUTCString()}`, 'c=3; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'd=4; Expires=nonsense');

    expect(cookies.header(url('/shop/'), NOW)).toBe('a=1; b=2; c=3; d=4');
    expect(cookies.header(url('/shop/'), NOW + 61_000)).toBe('b=2; d=4');
    expect(cookies.header(url('/shop/'), NOW + 2 * HOUR)).toBe('d=4');
  });

  test('is deleted and replaced by its name and path', () => {
    const cookies = jar('a=1', 'b=2', 'a=3', 'b=; Max-Age=0');

    expect(cookies.header(url('/shop/'), NOW)).toBe('a=3');
    expect(cookies.cookies).toHaveLength(1);
  });

  test('without an end lives a day after its last use', () => {
    const cookies = jar('session=x; HttpOnly; SameSite=Lax');

    expect(cookies.header(url('/shop/'), NOW + 20 * HOUR)).toBe('session=x');
    expect(cookies.header(url('/shop/'), NOW + 40 * HOUR)).toBe('session=x');
    expect(cookies.header(url('/shop/'), NOW + 65 * HOUR)).toBe('');
  });

  test('may have = in its value, and a value alone', () => {
    expect(jar('token=a=b==; Path=/').header(url('/'), NOW)).toBe('token=a=b==');
    expect(jar('alone; Path=/').header(url('/'), NOW)).toBe('alone');
  });

  test('that is Secure goes to secure addresses only', () => {
    const cookies = new CookieJar();
    cookies.take('s=1; Secure; Path=/', new URL('https://x.example/'), NOW);

    expect(cookies.header(new URL('http://x.example/'), NOW)).toBe('');
    expect(cookies.header(url('/'), NOW)).toBe('s=1');
  });
});

test('what is no cookie is left out, and the oldest go when there are too many', () => {
  expect(jar('', '=', `big=${'x'.repeat(5000)}`, 'bad=\u0001').cookies).toEqual([]);
  const cookies = jar(...Array.from({ length: 200 }, (_, index) => `c${index}=1`));
  expect(cookies.cookies).toHaveLength(180);
  expect(cookies.cookies.at(-1)?.name).toBe('c199');
});

test('a jar that was kept is as before', () => {
  const before = jar('a=1; Path=/', 'b=2; Path=/; Max-Age=100');

  expect(new CookieJar(before.cookies).header(url('/'), NOW)).toBe(before.header(url('/'), NOW));
});

test('cookies of scripts join those of the app, and cannot replace an HttpOnly one', () => {
  const jar = new CookieJar();
  jar.take('theme=light', new URL('http://a.test/'), 0);
  jar.take('session=real; HttpOnly', new URL('http://a.test/'), 0);

  expect(jar.header(new URL('http://a.test/'), 0, 'theme=dark; session=false; zoom=2=3')).toBe('session=real; theme=dark; zoom=2=3');
});
