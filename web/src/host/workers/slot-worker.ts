// The Web Worker of one slot: makes instances, keeps them after a success, and runs one call after another.
import type { CallFailure } from '@/protocol';
import { type Definition, type Guest, openGuest } from './guest';
import { failureOf, GuestError, LostGuest, WorkerRefusal } from './refusal';
import type { FromSlot, ToSlot } from './slot-messages';

/** Instances that wait for their next call; the one that was used longest ago goes first. */
const MOST_GUESTS = 4;

const definitions = new Map<string, Definition>();
const guests = new Map<string, Guest>();
let order: Promise<void> = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<ToSlot>) => {
  switch (data.type) {
    case 'define':
      definitions.set(data.key, data.definition);
      break;
    case 'forget':
      definitions.delete(data.key);
      guests.delete(data.key);
      break;
    case 'run':
      order = order.then(() => run(data));
      break;
  }
});

async function run({ call, key, function: name, input }: Extract<ToSlot, { type: 'run' }>): Promise<void> {
  let started = performance.now();
  let guest: Guest | undefined;
  try {
    const definition = definitions.get(key);
    if (definition === undefined) throw new WorkerRefusal('unavailable', 'This worker is not loaded here.');
    guest = await guestOf(key, definition);
    started = performance.now();
    const output = guest.call(name, new Uint8Array(input));
    if (!guest.isUsable) guests.delete(key);
    say({ type: 'answered', call, output: output.buffer, ranMs: performance.now() - started }, [output.buffer]);
  } catch (thrown) {
    const failure = explained(thrown, guest, definitions.get(key));
    // a guest that was ended in its middle is in no state to be called again
    if (!(thrown instanceof GuestError) && failure.error !== 'unknown_function') guests.delete(key);
    say({ type: 'failed', call, failure, ranMs: performance.now() - started }, []);
  }
}

async function guestOf(key: string, definition: Definition): Promise<Guest> {
  const known = guests.get(key);
  const guest = known ?? (await opened(definition));
  guests.delete(key);
  guests.set(key, guest);
  for (const oldest of guests.keys()) {
    if (guests.size <= MOST_GUESTS) break;
    guests.delete(oldest);
  }
  return guest;
}

async function opened(definition: Definition): Promise<Guest> {
  try {
    return await openGuest(definition, () => undefined);
  } catch (thrown) {
    if (thrown instanceof WorkerRefusal) throw thrown;
    throw new WorkerRefusal('unavailable', `The worker cannot be started in this tab: ${textOf(thrown)}`);
  }
}

function explained(thrown: unknown, guest: Guest | undefined, definition: Definition | undefined): CallFailure {
  if (thrown instanceof WorkerRefusal) return { error: thrown.error, message: thrown.message };
  if (thrown instanceof LostGuest) return thrown.failure;
  if (thrown instanceof GuestError) return failureOf(thrown.message);
  // engines do not tell that a guest was refused memory; one that ends beyond half of its bound nearly always was
  const isFull = guest !== undefined && definition !== undefined && guest.memoryBytes * 2 >= definition.memoryBytes;
  if (isFull && thrown instanceof WebAssembly.RuntimeError) {
    return { error: 'out_of_memory', message: `out of memory: it was ended after its memory had come near the limit of ${definition.memoryBytes} bytes` };
  }
  // Firefox calls it InternalError, the others RangeError
  const isTooDeep = thrown instanceof Error && /call stack|recursion/.test(thrown.message);
  return { error: 'trapped', message: isTooDeep ? 'call stack exhausted' : textOf(thrown) };
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function say(message: FromSlot, transfer: Transferable[]): void {
  postMessage(message, { transfer });
}
