// Makes the JavaScript of the templates' TypeScript, as the IDE does when somebody publishes, so that templates can also be
// published by the command without the IDE. Checks the types strictly on the way. `npm run templates` writes the files;
// a test makes sure that they are up to date.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const templates = fileURLToPath(new URL('../../../workspaces/src/main/resources/dev/cloche/workspaces/templates', import.meta.url));
const options = {
  skipLibCheck: true,
  strict: true, noUnusedLocals: true, noUnusedParameters: true, noImplicitOverride: true, noPropertyAccessFromIndexSignature: true, noUncheckedIndexedAccess: true,
  target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, lib: ['lib.esnext.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'], types: [],
};

// the types of the browser are read once for all
const host = ts.createCompilerHost(options);
const known = new Map();
const read = host.getSourceFile;
host.getSourceFile = (file, ...rest) => {
  if (!basename(file).startsWith('lib.')) return read.call(host, file, ...rest);
  if (!known.has(file)) known.set(file, read.call(host, file, ...rest));
  return known.get(file);
};

/** The scripts of all templates by their path, with what is wrong in them. */
export function compileTemplates() {
  const scripts = new Map();
  const faults = [];
  for (const listed of JSON.parse(readFileSync(join(templates, 'templates.json'), 'utf8'))) {
    const sources = new Map([...listed.files.map((file) => [file, join(templates, listed.id, file)]), ...Object.entries(listed.shared ?? {}).map(([path, file]) => [path, join(templates, 'shared', file)])]);
    for (const folder of new Set([...sources.keys()].filter((path) => path.endsWith('.ts')).map((path) => dirname(path)))) {
      const work = mkdtempSync(join(tmpdir(), 'templates-'));
      try {
        const names = [...sources].filter(([path]) => dirname(path) === folder && path.endsWith('.ts'));
        names.forEach(([path, source]) => cpSync(source, join(work, basename(path))));
        const program = ts.createProgram(names.map(([path]) => join(work, basename(path))), options, host);
        faults.push(...ts.getPreEmitDiagnostics(program).map((one) => `${listed.id}/${one.file === undefined ? '' : basename(one.file.fileName)}:${one.file?.getLineAndCharacterOfPosition(one.start ?? 0).line + 1}: ${ts.flattenDiagnosticMessageText(one.messageText, '\n')}`));
        program.emit(undefined, (file, text) => {
          const source = sources.get(join(folder, basename(file).replace(/\.js$/, '.ts')));
          scripts.set(source.replace(/\.ts$/, '.js'), `// Made of ${basename(source)} by Publish; change that file.\n${text}`);
        });
      } finally {
        rmSync(work, { recursive: true, force: true });
      }
    }
  }
  return { scripts, faults };
}

/** The scripts that lie beside their sources, by their path. */
export function presentScripts() {
  return new Map(readdirSync(templates, { recursive: true, encoding: 'utf8' }).map((file) => join(templates, file))
    .filter((file) => file.endsWith('.js') && readFileSync(file, 'utf8').startsWith('// Made of ')).map((file) => [file, readFileSync(file, 'utf8')]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { scripts, faults } = compileTemplates();
  faults.forEach((fault) => console.error(fault));
  if (faults.length > 0) process.exit(1);
  scripts.forEach((text, file) => writeFileSync(file, text));
}
