/** What JSON text can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const LONG_NUMBER = /\d{16}/;
const TEXTS_AND_NUMBERS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const LONG_INTEGER = /^-?\d{16,}$/;

/** Parses JSON; integers that a JavaScript number might not hold exactly become text of their digits. */
export function parseExact(text: string): Json {
  const safe = LONG_NUMBER.test(text) ? text.replace(TEXTS_AND_NUMBERS, (part) => (LONG_INTEGER.test(part) ? `"${part}"` : part)) : text;
  return JSON.parse(safe) as Json;
}

export function isObject(json: Json | undefined): json is { readonly [name: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** A member of an object, if it is one and has it. */
export function member(json: Json | undefined, name: string): Json | undefined {
  return isObject(json) ? json[name] : undefined;
}

export function list(json: Json | undefined): readonly Json[] {
  return Array.isArray(json) ? json : [];
}

export function textOf(json: Json | undefined): string {
  return typeof json === 'string' ? json : '';
}

/** What is in an option: `{"some": x}` or `{"none": []}`, or the same as `[0, x]` and `[1, []]`. */
export function some(json: Json | undefined): Json | undefined {
  return Array.isArray(json) ? (json[0] === 0 ? (json[1] as Json) : undefined) : member(json, 'some');
}
