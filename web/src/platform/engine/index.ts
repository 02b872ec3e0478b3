export * from './engine-types';
export { EngineSession, type EngineSessionOptions } from './engine-session';
export { EngineClient, type EngineChannel } from './engine-client';
export { openEngineFrame, type EngineFrame } from './engine-frame';
export { BridgeFrame } from './bridge-frame';
