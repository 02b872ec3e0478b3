// The service worker of app and preview origins: what the app's pages ask for goes to the engine. It has to stay one
// file without imports, as classic service workers are; so nothing in this folder is shared with other entries.
import type { FromServiceWorker, ToServiceWorker } from '@/protocol';
import { EngineGone, EngineLine } from './engine-line';
import { notRunning, type Role } from './pages';
import { withScript } from './page-script';
import { toAppRequest, toResponse } from './relay';
import { isOfServer } from './server-paths';

const scope = self as unknown as ServiceWorkerGlobalScope;
const parameters = new URL(scope.location.href).searchParams;
const role: Role = parameters.get('role') === 'app' ? 'app' : 'preview';
/** Who hears the console of a preview's pages. */
const ide = role === 'preview' ? originOf(parameters.get('ide')) : undefined;

async function tellPages(message: FromServiceWorker): Promise<void> {
  for (const client of await scope.clients.matchAll({ type: 'window', includeUncontrolled: true })) {
    client.postMessage(message);
  }
}

const line = new EngineLine(tellPages);
let streams = 0;

scope.addEventListener('install', () => { void scope.skipWaiting(); });
scope.addEventListener('activate', (event) => { event.waitUntil(scope.clients.claim()); });

scope.addEventListener('message', (event) => {
  const message = event.data as ToServiceWorker;
  switch (message.type) {
    case 'engine-line':
      if (event.ports[0] !== undefined) {
        line.use(event.ports[0]);
      }
      break;
    case 'engine-coming':
      line.expect();
      break;
    case 'engine-gone':
      line.drop();
      break;
    case 'ping':
      break;
  }
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== scope.location.origin || isOfServer(url.pathname)) {
    return;
  }
  // A tab that opens an app loads the server's page, which starts the engine and shows the app in a frame.
  if (role === 'app' && request.mode === 'navigate' && request.destination === 'document' && request.method === 'GET') {
    return;
  }
  event.respondWith(answer(request));
});

async function answer(request: Request): Promise<Response> {
  try {
    const response = await line.request(await toAppRequest(request, scope.navigator.userAgent), request.signal);
    const isPage = request.mode === 'navigate' && ide !== undefined;
    return toResponse(isPage ? withScript(response, ide) : response, request.method, counted);
  } catch (failure) {
    if (failure instanceof EngineGone) {
      return notRunning(role, request.mode === 'navigate');
    }
    return Response.error();
  }
}

function originOf(url: string | null): string | undefined {
  return url !== null && URL.canParse(url) ? new URL(url).origin : undefined;
}

/** Passes a stream through and lets the pages keep this worker alive until it ends. */
function counted(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const change = (by: number): void => {
    streams += by;
    void tellPages({ type: 'streaming', count: streams });
  };
  change(1);
  const reader = stream.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          change(-1);
          controller.close();
        } else {
          controller.enqueue(value);
        }
      } catch (failure) {
        change(-1);
        controller.error(failure);
      }
    },
    async cancel(reason) {
      change(-1);
      await reader.cancel(reason);
    },
  });
}
