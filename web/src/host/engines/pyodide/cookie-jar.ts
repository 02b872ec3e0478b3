// Cookies of apps in the tab. Browsers drop `Set-Cookie` from answers of a service worker, so the engine keeps them, as
// RFC 6265 section 5 says, for one host: `Domain` is of no use here and is left out.

export interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  /** Milliseconds since 1970; a cookie without an end lives for a day after its last use. */
  readonly expires: number;
  readonly session: boolean;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly created: number;
}

/** A reload must not sign the visitor out, and nobody tells the engine when the browser closes. */
const SESSION_MS = 24 * 60 * 60 * 1000;
const LONGEST_COOKIE = 4096;
const MOST_COOKIES = 180;
/** As current browsers: no cookie lives longer than 400 days. */
const LONGEST_LIFE_MS = 400 * 24 * 60 * 60 * 1000;

export class CookieJar {
  #cookies: Cookie[];

  constructor(cookies: readonly Cookie[] = []) {
    this.#cookies = [...cookies];
  }

  /** For keeping. */
  get cookies(): readonly Cookie[] {
    return this.#cookies;
  }

  /** Takes one `Set-Cookie` line of an answer to `url`. */
  take(line: string, url: URL, now: number): void {
    const cookie = parse(line, url, now);
    if (cookie === undefined) {
      return;
    }
    const before = this.#cookies.find((other) => isSame(other, cookie));
    this.#cookies = this.#cookies.filter((other) => !isSame(other, cookie) && other.expires > now);
    if (cookie.expires > now) {
      this.#cookies.push(before === undefined ? cookie : { ...cookie, created: before.created });
      this.#cookies.splice(0, Math.max(0, this.#cookies.length - MOST_COOKIES));
    }
  }

  /**
   * The `Cookie` header of a request for `url`; empty when there are none. `ofScripts` is that of the cookies which scripts
   * of the page set: they win over those of the app, which scripts cannot see, but not over HttpOnly ones.
   */
  header(url: URL, now: number, ofScripts = ''): string {
    this.#cookies = this.#cookies
      .filter(({ expires }) => expires > now)
      .map((cookie) => (cookie.session && fits(cookie, url) ? { ...cookie, expires: now + SESSION_MS } : cookie));
    const own = this.#cookies.filter((cookie) => fits(cookie, url));
    const hidden = new Set(own.filter(({ httpOnly }) => httpOnly).map(({ name }) => name));
    const scripts = new Map(ofScripts.split('; ').filter((pair) => pair !== '').map((pair) => [nameOf(pair), pair]));
    const sent = own
      .filter(({ name, httpOnly }) => httpOnly || !scripts.has(name))
      .sort((a, b) => b.path.length - a.path.length || a.created - b.created)
      .map(({ name, value }) => (name === '' ? value : `${name}=${value}`));
    return [...sent, ...[...scripts].filter(([name]) => !hidden.has(name)).map(([, pair]) => pair)].join('; ');
  }
}

function nameOf(pair: string): string {
  return pair.includes('=') ? pair.slice(0, pair.indexOf('=')) : '';
}

function parse(line: string, url: URL, now: number): Cookie | undefined {
  const [pair = '', ...attributes] = line.split(';');
  const equals = pair.indexOf('=');
  const name = equals < 0 ? '' : pair.slice(0, equals).trim();
  const value = pair.slice(equals + 1).trim();
  // eslint-disable-next-line no-control-regex
  if (name.length + value.length > LONGEST_COOKIE || (name === '' && value === '') || /[\u0000-\u0008\u000a-\u001f\u007f]/.test(pair)) {
    return undefined;
  }
  const found = new Map(attributes.map((text) => {
    const at = text.indexOf('=');
    return at < 0 ? [text.trim().toLowerCase(), ''] : [text.slice(0, at).trim().toLowerCase(), text.slice(at + 1).trim()];
  }));
  const end = ending(found, now);
  const path = found.get('path');
  return {
    name,
    value,
    path: path?.startsWith('/') === true ? path : defaultPath(url),
    expires: Math.min(end ?? now + SESSION_MS, now + LONGEST_LIFE_MS),
    session: end === undefined,
    httpOnly: found.has('httponly'),
    secure: found.has('secure'),
    created: now,
  };
}

/** Max-Age wins over Expires; undefined without a valid one. */
function ending(attributes: ReadonlyMap<string, string>, now: number): number | undefined {
  const age = attributes.get('max-age');
  if (age !== undefined && /^-?\d+$/.test(age)) {
    return Number(age) <= 0 ? 0 : now + Number(age) * 1000;
  }
  const date = Date.parse(attributes.get('expires') ?? '');
  return Number.isNaN(date) ? undefined : date;
}

/** RFC 6265 section 5.1.4. */
function defaultPath(url: URL): string {
  const end = url.pathname.lastIndexOf('/');
  return end <= 0 ? '/' : url.pathname.slice(0, end);
}

function fits(cookie: Cookie, url: URL): boolean {
  const { pathname } = url;
  const inside = pathname === cookie.path
    || (pathname.startsWith(cookie.path) && (cookie.path.endsWith('/') || pathname[cookie.path.length] === '/'));
  return inside && (!cookie.secure || isTrustworthy(url));
}

/** Browsers treat `localhost` and its sub-domains as secure (W3C Secure Contexts section 3.1). */
function isTrustworthy(url: URL): boolean {
  return url.protocol === 'https:' || url.hostname === 'localhost' || url.hostname.endsWith('.localhost');
}

function isSame(a: Cookie, b: Cookie): boolean {
  return a.name === b.name && a.path === b.path;
}
