import init, { PositionEncoding, Workspace } from '@astral-sh/ruff-wasm-web';
import type { RuffAnswer, RuffRequest } from './ruff-messages';

const scope = self as unknown as DedicatedWorkerGlobalScope;

const workspace: Promise<Workspace> = init().then(
  () =>
    new Workspace(
      {
        'line-length': 100,
        'indent-width': 4,
        lint: { select: ['E4', 'E7', 'E9', 'F', 'W6', 'B'], ignore: ['B008', 'B018', 'B905'] },
        format: { 'indent-style': 'space', 'quote-style': 'double' },
      },
      PositionEncoding.Utf16,
    ),
);

scope.onmessage = (event: MessageEvent<RuffRequest>) => {
  void answer(event.data).then((message) => scope.postMessage(message));
};

async function answer({ id, kind, text }: RuffRequest): Promise<RuffAnswer> {
  try {
    const ruff = await workspace;
    return kind === 'format' ? { id, kind, text: ruff.format(text) } : { id, kind, diagnostics: ruff.check(text) as (RuffAnswer & { kind: 'check' })['diagnostics'] };
  } catch (error) {
    return { id, kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}
