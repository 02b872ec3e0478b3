// How the IDE and the engine host find each other. The host page says `host-ready` to its parent (it carries no
// secret); the IDE checks source and origin and answers with `connect` to exactly the host's origin; the host checks
// the parent and the control origin that the server put into its page.

/** What the browser gave the host page; `false` explains why an engine cannot run. */
export interface HostCapabilities {
  readonly crossOriginIsolated: boolean;
  readonly sharedArrayBuffer: boolean;
  readonly serviceWorker: boolean;
  /** Whether this page holds the workspace's engine lock; `false`: another tab runs the engine. */
  readonly engineLock: boolean;
}

export interface HostReady {
  readonly type: 'host-ready';
  readonly capabilities: HostCapabilities;
}

/** Sent with one transferred port, over which `engine.ts` is spoken. */
export interface HostConnect {
  readonly type: 'connect';
}

// Previews. A preview has an origin of its own, `PORT--ws-ID.host…`; its pages ask a service worker, and that reaches the
// engine over a bridge: a hidden frame in the IDE. The sequence is at the head of `src/host/bridge/bridge-page.ts`.

/** The bridge frame is loaded; it carries no secret. */
export interface BridgeHello {
  readonly type: 'bridge-hello';
}

/** The IDE's answer to the bridge, sent to exactly its origin, with one transferred port: `ToBridge` and `FromBridge`. */
export interface BridgeConnect {
  readonly type: 'bridge-connect';
}

export type FromBridge =
  /** The service worker is in place: the preview can be shown. */
  | { readonly type: 'bridge-up' }
  /** With one transferred port, which the IDE passes to the engine with `attach`. */
  | { readonly type: 'bridge-line' }
  | { readonly type: 'bridge-failed'; readonly message: string; readonly help: string };

export type ToBridge =
  /** `here`: the engine serves the port; `coming`: it starts; `gone`: it ended or serves it no more. */
  { readonly type: 'bridge-engine'; readonly state: 'here' | 'coming' | 'gone' };
