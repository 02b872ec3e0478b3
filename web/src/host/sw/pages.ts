// The page in place of the app's when no engine answers.
export type Role = 'app' | 'preview';

const TEXTS: Record<Role, { title: string; text: string; action: string }> = {
  app: {
    title: 'The app is not running',
    text: 'It runs in a tab of this browser, and that tab was closed or is asleep.',
    action: '<a href="" target="_top">Start it here</a>',
  },
  preview: {
    title: 'The engine is not running',
    text: 'This preview is answered by the engine of its workspace. Open the workspace, start the app there, then try again.',
    action: '<a href="">Try again</a>',
  },
};

export function notRunning(role: Role, wantsPage: boolean): Response {
  const { title, text, action } = TEXTS[role];
  const headers = {
    'content-type': wantsPage ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'retry-after': '2',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'cross-origin',
  };
  return new Response(wantsPage ? page(title, text, action) : `${title}. ${text}`, { status: 503, headers });
}

function page(title: string, text: string, action: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>
:root{color-scheme:light dark;font:16px/1.6 system-ui,sans-serif}body{margin:0;min-height:100vh;display:grid;place-content:center;padding:1.5rem;background:Canvas;color:CanvasText}
main{max-width:32rem}h1{font-size:1.25rem;margin:0 0 .5rem}p{margin:0 0 1rem}a{color:LinkText}</style></head><body><main><h1>${title}</h1><p>${text}</p><p>${action}</p></main></body></html>`;
}
