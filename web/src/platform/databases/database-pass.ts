import { api, data } from '@/platform/api';

/** Renewed when it holds for less than this. */
const MARGIN = 60_000;

export interface Pass {
  readonly token: string;
  readonly identity: string;
  readonly until: number;
}

/**
 * The token with which this page speaks below `/v1`, where cookies are not read: for ten minutes, in memory only, renewed in
 * time. It is sent as a header and never stands in an address.
 */
export class DatabasePass {
  private pending: Promise<Pass> | null = null;

  constructor(private readonly ask: () => Promise<Pass> = askServer) {}

  async token(): Promise<string> {
    return (await this.current()).token;
  }

  /** By which modules know this person. */
  async identity(): Promise<string> {
    return (await this.current()).identity;
  }

  /** The next use asks for a new one: the server did not take this. */
  forget(): void {
    this.pending = null;
  }

  private async current(): Promise<Pass> {
    const pending = (this.pending ??= this.ask());
    try {
      const pass = await pending;
      if (pass.until - MARGIN > Date.now()) return pass;
    } catch (error) {
      if (this.pending === pending) this.pending = null;
      throw error;
    }
    if (this.pending === pending) this.pending = null;
    return this.current();
  }
}

async function askServer(): Promise<Pass> {
  const asked = Date.now();
  const { token, identity, expiresAt } = await data(api.POST('/api/databases/pass'));
  // the two clocks may differ, and a pass that seems over at once must not be asked for without end
  return { token, identity, until: Math.max(Date.parse(expiresAt), asked + 2 * MARGIN) };
}

export const databasePass = new DatabasePass();
