/** The name of a service with its type: what a feature asks for without knowing who provides it. */
export interface Token<T> {
  readonly name: string;
  /** Only for the type checker. */
  readonly type?: T;
}

export function token<T>(name: string): Token<T> {
  return { name };
}

/** Services by token. Each is set once, before the features that use it start. */
export class ServiceRegistry {
  private readonly services = new Map<Token<unknown>, unknown>();

  set<T>(key: Token<T>, service: T): T {
    if (this.services.has(key)) throw new Error(`Service ${key.name} is set twice`);
    this.services.set(key, service);
    return service;
  }

  get<T>(key: Token<T>): T {
    if (!this.services.has(key)) throw new Error(`Service ${key.name} is not set`);
    return this.services.get(key) as T;
  }
}
