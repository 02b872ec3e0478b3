// The store of live databases, in one process: inserts fresh and with 2 million rows, bytes a row, loading, evaluation for many
// subscribers, and SQLite in memory with the same transfers and inserts through the same virtual machine.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testClassPath } from './support.mjs';

const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java';
const folder = mkdtempSync(join(tmpdir(), 'cloche-bench-'));
try {
  execFileSync(java, ['-Xmx3g', '-XX:+UseSerialGC', '--enable-native-access=ALL-UNNAMED', '-cp', testClassPath('tables', folder), 'dev.cloche.tables.TablesBench'],
    { stdio: ['ignore', 'inherit', 'inherit'] });
} catch (error) {
  if (error.status === undefined) throw error;
  process.exitCode = error.status;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
