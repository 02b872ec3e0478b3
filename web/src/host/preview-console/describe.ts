// Values as a console shows them, in one text.
import { CONSOLE_LIMITS } from '@/protocol';

const DEPTH = 3;
const ENTRIES = 50;

/** The arguments of a call of the console, with the place holders of its first. */
export function describeAll(values: readonly unknown[]): string {
  const [first, ...rest] = values;
  const left = [...rest];
  const parts: string[] = [];
  if (typeof first === 'string' && rest.length > 0) {
    parts.push(first.replace(/%([sdifoOc%])/g, (holder, kind: string) => {
      if (kind === '%') {
        return '%';
      }
      if (left.length === 0) {
        return holder;
      }
      const value = left.shift();
      return kind === 'c' ? '' : fill(kind, value);
    }));
  } else if (values.length > 0) {
    parts.push(describe(first));
  }
  return cut([...parts, ...left.map((value) => describe(value))].join(' '));
}

function fill(kind: string, value: unknown): string {
  switch (kind) {
    case 'd':
    case 'i':
      return typeof value === 'symbol' ? 'NaN' : String(Math.trunc(Number(value)));
    case 'f':
      return typeof value === 'symbol' ? 'NaN' : String(Number(value));
    default:
      return describe(value);
  }
}

/** Never throws: what cannot be looked at is named by its kind. */
export function describe(value: unknown): string {
  try {
    return cut(typeof value === 'string' ? value : inner(value, DEPTH, []));
  } catch {
    return `[${typeof value}]`;
  }
}

function inner(value: unknown, depth: number, above: readonly object[]): string {
  if (typeof value === 'string') {
    return JSON.stringify(cut(value));
  }
  if (typeof value === 'bigint') {
    return `${value}n`;
  }
  if (typeof value === 'function') {
    return `ƒ ${value.name}`;
  }
  if (typeof value !== 'object' || value === null) {
    return String(value);
  }
  if (value instanceof Error) {
    return value.stack?.includes(value.message) === true ? value.stack : `${value.name}: ${value.message}`;
  }
  if (value instanceof Date || value instanceof RegExp) {
    return String(value);
  }
  if (typeof Node === 'function' && value instanceof Node) {
    return value instanceof Element ? `<${value.tagName.toLowerCase()}${value.id === '' ? '' : ` id="${value.id}"`}>` : value.nodeName;
  }
  if (above.includes(value)) {
    return '[circular]';
  }
  return depth === 0 ? (Array.isArray(value) ? '[…]' : '{…}') : entries(value, depth - 1, [...above, value]);
}

function entries(value: object, depth: number, above: readonly object[]): string {
  if (Array.isArray(value)) {
    return `[${shortened(value, (each) => inner(each, depth, above))}]`;
  }
  if (value instanceof Map) {
    return `Map {${shortened([...value], ([key, each]: [unknown, unknown]) => `${inner(key, depth, above)} => ${inner(each, depth, above)}`)}}`;
  }
  if (value instanceof Set) {
    return `Set {${shortened([...value], (each) => inner(each, depth, above))}}`;
  }
  const name = (Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null)?.constructor?.name ?? '';
  return `${name === 'Object' || name === '' ? '' : `${name} `}{${shortened(Object.entries(value), ([key, each]) => `${key}: ${inner(each, depth, above)}`)}}`;
}

function shortened<T>(all: readonly T[], write: (value: T) => string): string {
  return [...all.slice(0, ENTRIES).map(write), ...(all.length > ENTRIES ? [`… ${all.length - ENTRIES} more`] : [])].join(', ');
}

function cut(text: string): string {
  return text.length > CONSOLE_LIMITS.characters ? `${text.slice(0, CONSOLE_LIMITS.characters - 1)}…` : text;
}
