// The store of live databases, in one process: inserts fresh and with 2 million rows, bytes a row, loading, evaluation for many
// subscribers, and SQLite in memory with the same transfers and inserts through the same virtual machine.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './support.mjs';

const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java';
const folder = mkdtempSync(join(tmpdir(), 'cloche-bench-'));
try {
  const list = join(folder, 'classpath');
  execFileSync(join(ROOT, 'mvnw'), ['-q', '-pl', 'tables', '-am', 'test-compile', 'dependency:build-classpath', `-Dmdep.outputFile=${list}`],
    { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  const classes = [join(ROOT, 'tables/target/test-classes'), join(ROOT, 'tables/target/classes'), readFileSync(list, 'utf8').trim()];
  execFileSync(java, ['-Xmx3g', '-XX:+UseSerialGC', '--enable-native-access=ALL-UNNAMED', '-cp', classes.join(':'), 'dev.cloche.tables.TablesBench'],
    { stdio: ['ignore', 'inherit', 'inherit'] });
} catch (error) {
  if (error.status === undefined) throw error;
  process.exitCode = error.status;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
