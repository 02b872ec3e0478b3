// Marks a test that passes only when it is tried again: `cloche test` names it, for it has a race to be mended.
import { afterEach } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    secondTry?: boolean;
  }
}

afterEach(({ task }) => {
  if ((task.result?.retryCount ?? 0) > 0) {
    task.meta.secondTry = true;
  }
});
