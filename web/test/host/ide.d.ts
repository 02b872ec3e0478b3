// What `ide.html` puts on its window for the tests.
import type { EngineAnswers, EngineRequest, FromEngine, HostCapabilities, ServeTarget, ToEngine } from '../../src/protocol';

type Answered<T extends keyof EngineAnswers> =
  | { type: 'answer'; answer: EngineAnswers[T] }
  | Extract<FromEngine, { type: 'refused' }>;
type Boot = Extract<EngineRequest, { type: 'boot' }>;

interface IdeStandIn {
  readonly events: (FromEngine & { when: number })[];
  readonly connected: Promise<HostCapabilities>;
  request<T extends EngineRequest['type']>(request: Extract<EngineRequest, { type: T }>, transfer?: Transferable[]): Promise<Answered<T>>;
  send(message: ToEngine): void;
  next<T extends FromEngine['type']>(type: T, contains?: string): Promise<Extract<FromEngine, { type: T }>>;
  output(): string;
  bytes(text: string): Uint8Array;
  boot(options?: Partial<Boot>): Promise<Answered<'boot'>>;
  write(path: string, text: string): Promise<Answered<'changes'>>;
  run(path: string, args?: string[]): Promise<Answered<'run'>>;
  code(code: string): Promise<Answered<'run'>>;
  repl(code: string): Promise<Answered<'run'>>;
  preview(port: number, target: ServeTarget): Promise<Answered<'serve'>>;
  bridge: MessagePort;
}

declare global {
  interface Window {
    ide: IdeStandIn;
  }
}
