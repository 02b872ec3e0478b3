export type { components, paths } from './api.gen';
export type * from './connect';
export type * from './engine';
export type * from './preview';
export type * from './worker-build';
export type * from './worker-host';
export { CONSOLE_LIMITS } from './preview';
