// Serves the loader alone, without the engine around it: its modules, the runtime, snapshots, wheels and a worker.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '../../../bench/engine-start/server.mjs';
import { BOOT_PARTS, compileLoader } from '../../tools/snapshot/loader.mjs';

const web = fileURLToPath(new URL('../../', import.meta.url));

export interface LoaderFolders {
  readonly work: string;
  readonly snapshots: string;
  readonly wheels: readonly string[];
}

export class LoaderServer {
  private constructor(readonly origin: string, readonly stop: () => void, private readonly files: ReadonlyMap<string, string>) {}

  static async start({ work, snapshots, wheels }: LoaderFolders): Promise<LoaderServer> {
    const mounts = Object.fromEntries(wheels.map((folder, i) => [`/wheels/${i}/`, folder]));
    const { origin, close } = await serve({
      ...mounts,
      '/loader/': await compileLoader(join(work, 'loader'), BOOT_PARTS),
      '/snapshots/': snapshots,
      '/runtime/': join(web, 'node_modules/pyodide'),
      '/': join(web, 'test/host/loader'),
    });
    const files = new Map(wheels.flatMap((folder, i) => readdirSync(folder).map((file) => [file, `${origin}/wheels/${i}/${file}`])));
    return new LoaderServer(origin, close, files);
  }

  /** URLs of the wheels of these projects, as wheel file names write them. */
  wheels(projects: readonly string[]): string[] {
    return [...this.files].filter(([file]) => projects.includes(file.split('-')[0] ?? '')).map(([, url]) => url);
  }
}
