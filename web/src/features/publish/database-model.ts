import { ValueStore } from '@/base/store';
import { explain } from '@/platform/api';
import { bundlePython, DatabaseClient, databaseNameProblem, DatabaseRefusal, gatherPython, refusedPlace, type Plan } from '@/platform/databases';
import type { WorkspaceFiles } from '@/platform/files';
import type { ProblemService } from '@/platform/problems';
import type { Workspace } from '@/workbench/contribution';
import { databaseOf, noteDatabase } from './database-file';
import { suggestName } from './publish-model';

const OWNER = 'database';

export interface DatabaseState {
  /** The main file; null if the dialog is closed. */
  readonly path: string | null;
  readonly name: string;
  readonly plan: Plan | null;
  readonly failure: string | null;
  readonly isBusy: boolean;
  readonly outcome: 'created' | 'updated' | null;
}

/** Publishing a Python file of the workspace, with what it imports beside it, as a live database. */
export class DatabaseModel {
  readonly state: ValueStore<DatabaseState>;

  constructor(
    private readonly workspace: Workspace,
    private readonly files: WorkspaceFiles,
    private readonly problems: ProblemService,
    private readonly clientOf: (name: string) => DatabaseClient = (name) => new DatabaseClient(name),
  ) {
    this.state = new ValueStore<DatabaseState>({ path: null, name: suggestName(workspace.name), plan: null, failure: null, isBusy: false, outcome: null });
  }

  async open(path: string): Promise<void> {
    const name = await databaseOf(this.files);
    this.change({ path, plan: null, failure: null, outcome: null, ...(name !== null && { name }) });
  }

  close(): void {
    this.change({ path: null });
  }

  setName(name: string): void {
    this.change({ name, plan: null, failure: null, outcome: null });
  }

  /** What is published no longer is what the mistakes were found in. */
  forgetProblems(): void {
    this.problems.clear(OWNER);
  }

  /** Publishes; a database that is there already gets its plan shown first, and the module with the next call. */
  async publish(): Promise<void> {
    const { path, name, plan, isBusy } = this.state.getState();
    if (path === null || isBusy || databaseNameProblem(name) !== null) return;
    this.change({ isBusy: true, failure: null });
    this.forgetProblems();
    try {
      await this.files.save();
      const client = this.clientOf(name);
      const module = await this.bundle(path);
      if (plan === null && (await client.exists())) {
        this.change({ plan: await client.plan(module) });
        return;
      }
      const rules = plan?.kind === 'automatic' ? { token: plan.token, breaksClients: plan.breaksClients } : { project: this.workspace.projectId };
      this.change({ outcome: await client.publish(module, rules), plan: null });
      await noteDatabase(this.files, name);
    } catch (error) {
      // the plan was for another state of the files
      this.change({ failure: explain(error), plan: null });
      if (error instanceof DatabaseRefusal) this.point(path, error.message);
    } finally {
      this.change({ isBusy: false });
    }
  }

  private async bundle(path: string): Promise<Uint8Array<ArrayBuffer>> {
    const slash = path.lastIndexOf('/') + 1;
    const folder = path.slice(0, slash);
    return bundlePython(await gatherPython(path.slice(slash), (name) => (this.files.get(folder + name)?.kind === 'file' ? this.files.readText(folder + name) : Promise.resolve(null))));
  }

  /** Shows the refusal at its place in the editor. */
  private point(path: string, text: string): void {
    const place = refusedPlace(text);
    if (place === null) return;
    const file = path.slice(0, path.lastIndexOf('/') + 1) + place.file;
    if (this.files.get(file) === undefined) return;
    const message = text.replace(/^.*?returned an error:\s*/, '').trim();
    this.problems.set(OWNER, file, [{ path: file, severity: 'error', message, source: OWNER, code: null, line: place.line, column: 1, endLine: place.line, endColumn: 1000, unnecessary: false }]);
  }

  private change(part: Partial<DatabaseState>): void {
    this.state.update((state) => ({ ...state, ...part }));
  }
}
