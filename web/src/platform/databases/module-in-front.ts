import { token } from '@/base/services';
import type { ReadableStore } from '@/base/store';

/** The file in front if it is the module of a database, which can be published; else null. */
export const ModuleInFront = token<ReadableStore<string | null>>('moduleInFront');
