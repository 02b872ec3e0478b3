import type { CallFailure, WorkerFailure } from '@/protocol';

/** A call, or a worker, that this page ends or refuses. */
export class WorkerRefusal extends Error {
  constructor(readonly error: WorkerFailure, message: string) {
    super(message);
    this.name = 'WorkerRefusal';
  }
}

/** A worker's own words that a call failed; the guest is as it was. */
export class GuestError extends Error {}

/** A failure that also ended the guest. */
export class LostGuest extends Error {
  constructor(readonly failure: CallFailure) {
    super(failure.message);
  }
}

/** How a worker's own error text reads: with field and rule if it is the JSON that says so, else as it is. */
export function failureOf(text: string): CallFailure {
  if (text.startsWith('{')) {
    try {
      const said = JSON.parse(text) as Partial<Record<string, unknown>>;
      const { field, rule, message } = said;
      if (typeof message === 'string' && (typeof field === 'string' || typeof rule === 'string')) {
        return { error: 'bad_input', message, ...(typeof field === 'string' && { field }), ...(typeof rule === 'string' && { rule }) };
      }
    } catch {
      // then it is a text like any other
    }
  }
  return { error: 'failed', message: text };
}
