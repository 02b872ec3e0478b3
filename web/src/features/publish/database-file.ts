import type { WorkspaceFiles } from '@/platform/files';

const NAME = 'database.json';

interface DatabaseFile {
  readonly path: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** The file by which pages of the workspace learn the name of their database: `database.json` with the member `database`. */
async function find(files: WorkspaceFiles): Promise<DatabaseFile | null> {
  for (const { path } of files.files()) {
    if (path !== NAME && !path.endsWith(`/${NAME}`)) continue;
    try {
      const content: unknown = JSON.parse((await files.readText(path)) ?? '');
      if (typeof content === 'object' && content !== null && 'database' in content) return { path, content: { ...content } };
    } catch {
      // somebody's file of another kind
    }
  }
  return null;
}

/** The name that this workspace's database has, as far as the workspace says; else null. */
export async function databaseOf(files: WorkspaceFiles): Promise<string | null> {
  const name = (await find(files))?.content['database'];
  return typeof name === 'string' && name !== '' ? name : null;
}

/** Writes the name down where the workspace has a place for it. */
export async function noteDatabase(files: WorkspaceFiles, name: string): Promise<void> {
  const file = await find(files);
  if (file !== null && file.content['database'] !== name) files.write(file.path, `${JSON.stringify({ ...file.content, database: name }, null, 2)}\n`, 'explorer');
}
