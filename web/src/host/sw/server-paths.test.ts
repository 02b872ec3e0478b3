import { expect, it } from 'vitest';
import { isOfServer } from './server-paths';

it('leaves to the app all but the engine and the use of databases', () => {
  for (const path of ['/__cloche/sw.js', '/v1/identity', '/v1/identity/websocket-token', '/v1/database/chat/call/send', '/v1/database/chat/sql', '/v1/database/chat/schema', '/v1/database/chat/subscribe']) expect(isOfServer(path), path).toBe(true);
  for (const path of ['/', '/v1', '/v1/ping', '/v1/items', '/v1/identity/a/verify', '/v1/database', '/v1/database/chat', '/v1/database/chat/logs', '/v1/database/a/b/sql', '/api/v1/identity']) expect(isOfServer(path), path).toBe(false);
});
