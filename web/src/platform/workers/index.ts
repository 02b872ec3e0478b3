import { api, data } from '@/platform/api';
import { Lending } from './lending';
import { openTabEngine, type TabEngine } from './tab-engine';

export { Lending, type LendingChoice, type LendingFigures, type LendingState } from './lending';
export { MATRIX_EXAMPLE, matrixExample } from './matrix-example';
export { decodeProduct, encodeMatrices, IndependentProduct, randomMatrices, type Check, type Matrices } from './matrices';
export { nameFromFile, workerNameProblem } from './names';
export { callOnServer, publishWorker, settingsInTab, workerFile, type ServerAnswer, type Where } from './worker-calls';
export { TabCallFailure, type TabEngine } from './tab-engine';

async function open(): Promise<TabEngine> {
  const { origins } = await data(api.GET('/api/system'));
  return openTabEngine(origins.workers);
}

let engine: Promise<TabEngine> | null = null;

/** The engine for calls that this page makes itself; what is lent has another one, so that neither waits for the other. */
export function tabEngine(): Promise<TabEngine> {
  engine ??= open().then(
    (opened) => {
      opened.setSlots(Lending.mostSlots);
      return opened;
    },
    (error: unknown) => {
      engine = null;
      throw error;
    },
  );
  return engine;
}

let shared: Lending | null = null;

/** The lending of this tab: one for all screens. */
export function lending(): Lending {
  shared ??= new Lending(open, localStorage);
  return shared;
}
