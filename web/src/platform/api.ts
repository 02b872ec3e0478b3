import createClient, { type Middleware } from 'openapi-fetch';
import type { components, paths } from '@/protocol';

/** A refusal of the server, as problem JSON says it. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly problem: Partial<components['schemas']['Problem']>,
  ) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}.`);
    this.name = 'ApiProblem';
  }

  /** A stable word for the kind of refusal. */
  get code(): string {
    return this.problem.code ?? 'unknown';
  }

  /** What is wrong with one field, if anything. */
  field(name: string): string | undefined {
    return this.problem.errors?.find((error) => error.field === name)?.message;
  }
}

const problems: Middleware = {
  async onResponse({ response }) {
    if (response.ok || response.status === 304) return undefined;
    throw await problemOf(response);
  },
  onError() {
    return new ApiProblem(0, { title: 'Server not reachable', detail: 'The server does not answer. Is it running?', code: 'unreachable' });
  },
};

/** The refusal in an answer that is not a success. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const isProblem = response.headers.get('content-type')?.includes('json') === true;
  const problem: unknown = isProblem ? await response.json().catch(() => ({})) : {};
  return new ApiProblem(response.status, problem as Partial<components['schemas']['Problem']>);
}

/** The typed client of the platform's API, by the session of this page. Every refusal is thrown as {@link ApiProblem}. */
export const api = createClient<paths>({ baseUrl: globalThis.location?.origin ?? 'http://localhost' });
api.use(problems);

/** The data of an answer; refusals were thrown before. */
export async function data<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data: value } = await answer;
  return value as T;
}

/** What to tell a person about a failure. */
export function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
