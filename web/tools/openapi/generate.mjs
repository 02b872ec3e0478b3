// Writes src/protocol/api.gen.ts, the types of openapi.yaml. It lives in a package of its own because the generator
// needs an older TypeScript than the application.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const contract = new URL('../../../openapi.yaml', import.meta.url);
const output = new URL('../../src/protocol/api.gen.ts', import.meta.url);

const isFresh = existsSync(output) && statSync(output).mtimeMs > statSync(contract).mtimeMs;
if (!isFresh) {
  if (!existsSync(new URL('./node_modules', import.meta.url))) {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const { default: generate, astToString } = await import('openapi-typescript');
  const types = astToString(await generate(readFileSync(contract, 'utf8')));
  writeFileSync(output, `// Made from openapi.yaml by tools/openapi; do not edit.\n${types}`);
}
