// Turns a request of a page into one for the engine, and the engine's answer into one that the browser accepts.
import type { AppRequest, AppResponse } from '@/protocol';

const WITHOUT_BODY = new Set([101, 204, 205, 304]);
/** What has no meaning here, or would stop the app's page from being shown inside its own frame. */
const DROPPED = new Set(['connection', 'keep-alive', 'transfer-encoding', 'set-cookie', 'x-frame-options', 'cross-origin-embedder-policy', 'cross-origin-resource-policy']);

export async function toAppRequest(request: Request, userAgent: string): Promise<Omit<AppRequest, 'type' | 'id'>> {
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  const body = hasBody ? await request.arrayBuffer() : null;
  const headers: [string, string][] = [...request.headers];
  const add = (name: string, value: string): void => {
    if (value !== '' && !request.headers.has(name)) {
      headers.push([name, value]);
    }
  };
  // The browser adds these below the service worker, so they are missing here.
  const referrer = request.referrer.startsWith('http') ? request.referrer : '';
  add('user-agent', userAgent);
  add('referer', referrer);
  add('cookie', await scriptCookies(request.url));
  if (hasBody) {
    const origin = new URL(request.url).origin;
    add('origin', referrer === '' || new URL(referrer).origin === origin ? origin : 'null');
    add('content-length', String(body?.byteLength ?? 0));
  }
  return { key: crypto.randomUUID(), method: request.method, url: withoutFragment(request.url), headers, body };
}

/** What exists in a service worker of browsers that have the Cookie Store API. */
interface CookieStoreOfWorker {
  getAll(options?: { url: string }): Promise<readonly { readonly name: string; readonly value: string }[]>;
}

/** Cookies that scripts of the app's pages set: the browser adds them below the service worker. */
async function scriptCookies(url: string): Promise<string> {
  const store = (self as { cookieStore?: CookieStoreOfWorker }).cookieStore;
  // Chromium answers for this script's own address only, which gives the cookies of the whole site.
  const cookies = await store?.getAll({ url: withoutFragment(url) }).catch(() => store.getAll()).catch(() => []) ?? [];
  return cookies.map(({ name, value }) => (name === '' ? value : `${name}=${value}`)).join('; ');
}

/** `onStream` may look at what streams through. */
export function toResponse(answer: AppResponse, method: string, onStream: (stream: ReadableStream<Uint8Array>) => ReadableStream<Uint8Array>): Response {
  const headers = new Headers();
  for (const [name, value] of answer.headers) {
    const key = name.toLowerCase();
    if (!DROPPED.has(key)) {
      try {
        headers.append(name, key === 'content-security-policy' ? withoutFrameAncestors(value) : value);
      } catch {
        // Not a header that a browser could have received.
      }
    }
  }
  headers.set('cross-origin-embedder-policy', 'require-corp');
  headers.set('cross-origin-resource-policy', 'cross-origin');
  const empty = method === 'HEAD' || WITHOUT_BODY.has(answer.status);
  const body = answer.body instanceof ReadableStream ? onStream(answer.body) : answer.body;
  const status = answer.status >= 200 && answer.status <= 599 ? answer.status : 502;
  return new Response(empty ? null : body, { status, headers });
}

function withoutFrameAncestors(policy: string): string {
  return policy.split(';').filter((directive) => !/^\s*frame-ancestors\b/i.test(directive)).join(';');
}

function withoutFragment(url: string): string {
  return url.split('#', 1)[0] ?? url;
}
