import { ESLint } from 'eslint';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const lint = new ESLint({ cwd: root });

async function rulesBroken(file: string, text: string): Promise<string[]> {
  const [result] = await lint.lintText(text, { filePath: `${root}/${file}` });
  return (result?.messages ?? []).map((message) => message.ruleId ?? message.message);
}

describe('the layers', () => {
  it.each([
    ['src/base/x.ts', "import { api } from '@/platform/api'; api;"],
    ['src/platform/x.ts', "import { Button } from '@/ui/button'; Button;"],
    ['src/workbench/x.ts', "import { runContribution } from '@/features/run'; runContribution;"],
    ['src/features/run/x.ts', "import { ExplorerModel } from '@/features/explorer/explorer-model'; ExplorerModel;"],
    ['src/features/run/x.ts', "import { ExplorerModel } from '../explorer/explorer-model'; ExplorerModel;"],
    ['src/host/x.ts', "import { api } from '@/platform/api'; api;"],
    ['src/pages/x.ts', "import { Workbench } from '@/workbench/workbench'; Workbench;"],
  ])('%s may not say %j', async (file, text) => {
    expect(await rulesBroken(file, text)).toContain('boundaries/dependencies');
  });

  it.each([
    ['src/platform/x.ts', "import { Emitter } from '@/base/emitter'; export const a = Emitter;"],
    ['src/features/run/x.ts', "import { RunService } from './run-service'; export const a = RunService;"],
    ['src/features/run/x.ts', "import { Workbench } from '@/workbench/workbench'; export const a = Workbench;"],
    ['src/workbench/open-workspace.ts', "import { runContribution } from '@/features/run'; export const a = runContribution;"],
  ])('%s may say %j', async (file, text) => {
    expect(await rulesBroken(file, text)).toEqual([]);
  });

  it('big libraries have one owner', async () => {
    expect(await rulesBroken('src/features/run/x.ts', "import * as monaco from 'monaco-editor'; export const a = monaco;")).toContain('no-restricted-imports');
    expect(await rulesBroken('src/workbench/x.ts', "import { Terminal } from '@xterm/xterm'; export const a = Terminal;")).toContain('no-restricted-imports');
    expect(await rulesBroken('src/editor/x.ts', "import * as monaco from 'monaco-editor'; export const a = monaco;")).toEqual([]);
  });
}, 60_000);
