// the server has the same list: routesForContent of the room protocol
const DATABASES = /^\/v1\/(identity(\/websocket-token)?|database\/[^/]+\/(subscribe|sql|schema|call\/[^/]+))$/;

/** Whether the server answers this path and not the app in the tab: the engine's own files, and what clients of live databases use. */
export function isOfServer(path: string): boolean {
  return path.startsWith('/__cloche/') || DATABASES.test(path);
}
