import { token } from '@/base/services';
import type { ReadableStore } from '@/base/store';

/** The file in front if something of a worker can be done with it: its sources built, or the built file published. */
export interface WorkerFront {
  readonly path: string;
  readonly can: 'build' | 'publish';
}

export const WorkerInFront = token<ReadableStore<WorkerFront | null>>('workerInFront');
