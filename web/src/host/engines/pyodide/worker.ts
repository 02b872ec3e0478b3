// The Pyodide engine's worker: takes requests one after the other and answers each.
import type { EngineAnswers, FileChange } from '@/protocol';
import { WorkerSide } from '../../shared-memory';
import type { FromWorker, Parcel, ToWorker, WorkerRequest } from '../../worker-messages';
import { AppImportError } from './app-server';
import { AppSession } from './app-session';
import { Session } from './session';

const scope = self as unknown as DedicatedWorkerGlobalScope;

let memory: WorkerSide | undefined;
/** What this worker became with its first request: a workspace's engine, or an app's. */
let session: Session | AppSession | undefined;
let order: Promise<void> = Promise.resolve();

function post(parcel: Parcel, transfer: Transferable[] = []): void {
  scope.postMessage({ ...parcel, at: memory?.position ?? 0 }, transfer);
}

async function answer(id: number, run: number, request: WorkerRequest, ports: readonly MessagePort[]): Promise<void> {
  try {
    const result = await perform(run, request, ports);
    const transfer = result !== null && 'bytes' in result ? [result.bytes.buffer as ArrayBuffer] : [];
    post({ type: 'answer', id, answer: result }, transfer);
  } catch (failure) {
    const message = failure instanceof Error ? failure.message : String(failure);
    post({ type: 'refused', id, reason: 'failed', message, help: helpFor(failure) });
  }
}

async function perform(run: number, request: WorkerRequest, ports: readonly MessagePort[]): Promise<EngineAnswers[keyof EngineAnswers]> {
  if (memory === undefined) {
    throw new Error('The worker has no memory.');
  }
  const options = { memory, post, base: scope.location.origin };
  if (request.type === 'boot') {
    session = new Session({ ...options, isInteractive: true, appEvents: {}, filesChanged: tellChanges });
    return session.boot(request);
  }
  if (request.type === 'open-app') {
    session = new AppSession(options);
    return session.open(request);
  }
  if (session instanceof AppSession) {
    return session.attach(ports[0]);
  }
  if (session === undefined) {
    throw new Error('The engine has not been started.');
  }
  return request.type === 'run' ? session.run(request, run) : session.answer(request, ports);
}

function tellChanges(changes: readonly FileChange[]): void {
  const transfer = changes.flatMap((change) => (change.kind === 'write' ? [change.bytes.buffer as ArrayBuffer] : []));
  post({ type: 'event', event: { type: 'changes', changes } }, transfer);
}

function helpFor(failure: unknown): string {
  if (failure instanceof AppImportError) {
    return failure.error.traceback;
  }
  return failure instanceof Error && failure.name === 'WheelError'
    ? 'Try again; if it stays, remove the package from the workspace and install it anew.'
    : 'Try again, or restart the engine.';
}

scope.onmessage = (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  if (message.type === 'start') {
    memory = new WorkerSide(message.memory, () => { scope.postMessage({ type: 'output' } satisfies FromWorker); });
    return;
  }
  order = order.then(() => answer(message.id, message.run, message.request, event.ports));
};
