import { isObject, type Json } from './exact-json';
import type { SatsElement, SatsType, Typespace } from './sats-types';

/** A value as people read it: short for a cell, and whole. */
export interface ShownValue {
  readonly text: string;
  readonly whole: string;
  /** How it is drawn: numbers to the right, nothing faint. */
  readonly look: 'text' | 'number' | 'code' | 'absent';
}

const LONGEST = 200;

/** Shows a value of SATS-JSON, with names or without: both forms are understood. */
export function showValue(types: Typespace, type: SatsType, json: Json | undefined): ShownValue {
  const inner = types.optional(type);
  if (inner !== null) {
    const [name, value] = choice(types, type, json);
    return name === 'none' ? { text: 'none', whole: 'none', look: 'absent' } : showValue(types, inner, value);
  }
  const whole = words(types, type, json, 0);
  const resolved = types.resolve(type);
  const special = types.special(type);
  if (special === 'Identity' || special === 'ConnectionId') return { text: `${whole.slice(0, 10)}…`, whole, look: 'code' };
  if (special !== null) return { text: whole, whole, look: 'text' };
  if (resolved.kind === 'primitive') return { text: cut(whole), whole, look: resolved.name === 'String' ? 'text' : resolved.name === 'Bool' ? 'code' : 'number' };
  return { text: cut(whole), whole, look: 'code' };
}

function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}

/** The value in one line; texts inside of others are quoted. */
function words(types: Typespace, type: SatsType, json: Json | undefined, depth: number): string {
  if (json === undefined) return '?';
  const special = types.special(type);
  if (special !== null) return specialWords(special, only(json));
  if (types.isBytes(type)) return typeof json === 'string' ? `0x${json.replace(/^0x/, '')}` : JSON.stringify(json);
  const resolved = types.resolve(type);
  switch (resolved.kind) {
    case 'primitive':
      return typeof json === 'string' ? (depth === 0 || resolved.name !== 'String' ? json : JSON.stringify(json)) : String(json);
    case 'array':
      return Array.isArray(json) ? `[${json.map((one: Json) => words(types, resolved.element, one, depth + 1)).join(', ')}]` : JSON.stringify(json);
    case 'sum': {
      const [name, value, variant] = choice(types, type, json);
      if (types.optional(type) !== null && name === 'some') return words(types, variant, value, depth);
      return types.isUnit(variant) ? name : `${name}(${words(types, variant, value, depth + 1)})`;
    }
    case 'product':
      return `{${resolved.elements.map((element, index) => `${element.name}: ${words(types, element.type, field(json, element, index), depth + 1)}`).join(', ')}}`;
  }
}

/** The variant that a value of a sum has: its name, what is in it, and the type of that. */
export function choice(types: Typespace, type: SatsType, json: Json | undefined): [name: string, value: Json | undefined, type: SatsType] {
  const sum = types.resolve(type);
  const variants = sum.kind === 'sum' ? sum.variants : [];
  const [key, value] = Array.isArray(json) ? [json[0], json[1] as Json] : isObject(json) ? (Object.entries(json)[0] ?? ['', undefined]) : ['', undefined];
  const found = variants.find((variant, index) => (typeof key === 'number' ? index === key : variant.name === key));
  return [found?.name ?? String(key), value, found?.type ?? { kind: 'product', elements: [] }];
}

/** A field of a product, by name or by place. */
export function field(json: Json | undefined, element: Pick<SatsElement, 'name'>, index: number): Json | undefined {
  if (Array.isArray(json)) return json[index] as Json | undefined;
  return isObject(json) ? json[element.name] : undefined;
}

function only(json: Json): Json | undefined {
  return Array.isArray(json) ? (json[0] as Json | undefined) : isObject(json) ? Object.values(json)[0] : json;
}

function specialWords(name: string, value: Json | undefined): string {
  const text = String(value);
  switch (name) {
    case 'Timestamp':
      return timeWords(text);
    case 'TimeDuration':
      return durationWords(text);
    case 'ConnectionId':
      return /^\d+$/.test(text) ? `0x${BigInt(text).toString(16).padStart(32, '0')}` : text;
    case 'Uuid': {
      const digits = /^\d+$/.test(text) ? BigInt(text).toString(16).padStart(32, '0') : text;
      return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    }
    default:
      return text;
  }
}

/** Microseconds since 1970 as date and time of this place. */
function timeWords(micros: string): string {
  if (!/^-?\d+$/.test(micros)) return micros;
  const milliseconds = Number(BigInt(micros) / 1000n);
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) return `${micros} µs`;
  const two = (number: number, digits = 2) => String(number).padStart(digits, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${two(date.getMilliseconds(), 3)}`;
}

function durationWords(micros: string): string {
  const seconds = Number(micros) / 1_000_000;
  return Number.isNaN(seconds) ? micros : `${seconds} s`;
}
