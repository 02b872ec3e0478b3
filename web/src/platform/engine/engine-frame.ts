import { openHiddenFrame } from '@/platform/hidden-frame';
import type { FromEngine, HostCapabilities, HostConnect, HostReady, ToEngine } from '@/protocol';
import type { EngineChannel } from './engine-client';

export interface EngineFrame {
  readonly capabilities: HostCapabilities;
  readonly channel: EngineChannel;
}

/** Loads the engine host in a hidden frame on its own origin and connects to it. */
export async function openEngineFrame(origin: string): Promise<EngineFrame> {
  const connect: HostConnect = { type: 'connect' };
  const { greeting, line } = await openHiddenFrame<HostReady, ToEngine, FromEngine>({
    title: 'Engine',
    address: `${origin}/`,
    isGreeting: isHostReady,
    connect,
    silence: `The engine's page at ${origin} does not answer.`,
  });
  return { capabilities: greeting.capabilities, channel: line };
}

function isHostReady(data: unknown): data is HostReady {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'host-ready' && 'capabilities' in data;
}
