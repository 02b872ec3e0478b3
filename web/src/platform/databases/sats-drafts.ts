import { isInteger, integerRange, type PrimitiveName, type SatsType, type SpecialName, type Typespace } from './sats-types';

/** What a person has entered so far for a value of some type. */
export type Draft =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'flag'; readonly on: boolean }
  | { readonly kind: 'option'; readonly present: boolean; readonly inner: Draft }
  | { readonly kind: 'choice'; readonly variant: number; readonly inner: Draft }
  | { readonly kind: 'list'; readonly items: readonly Draft[] }
  | { readonly kind: 'fields'; readonly items: readonly Draft[] };

/** Deeper than this a value is entered as JSON: types may contain themselves. */
const DEEPEST = 4;

/** Whether values are entered as one line of text. */
export function isPlain(types: Typespace, type: SatsType): boolean {
  return types.special(type) !== null || types.isBytes(type) || types.resolve(type).kind === 'primitive';
}

/** The draft of a value of which nothing is entered yet. */
export function emptyDraft(types: Typespace, type: SatsType, depth = 0): Draft {
  const resolved = types.resolve(type);
  if (resolved.kind === 'primitive' && resolved.name === 'Bool') return { kind: 'flag', on: false };
  if (isPlain(types, type) || depth >= DEEPEST) return { kind: 'text', text: '' };
  const inner = types.optional(type);
  if (inner !== null) return { kind: 'option', present: false, inner: emptyDraft(types, inner, depth + 1) };
  switch (resolved.kind) {
    case 'array':
      return { kind: 'list', items: [] };
    case 'sum':
      return { kind: 'choice', variant: 0, inner: resolved.variants[0] ? emptyDraft(types, resolved.variants[0].type, depth + 1) : { kind: 'fields', items: [] } };
    case 'product':
      return { kind: 'fields', items: resolved.elements.map((element) => emptyDraft(types, element.type, depth + 1)) };
    default:
      return { kind: 'text', text: '' };
  }
}

/** What is wrong with a draft, by the place of the part: `position.x`, `names[2]`. */
export type DraftErrors = ReadonlyMap<string, string>;

/** The JSON text of drafts, or what is wrong with them. JSON is written as text so that long integers stay exact. */
export function encodeDrafts(types: Typespace, elements: readonly { readonly name: string; readonly type: SatsType }[], drafts: readonly Draft[]): { readonly json: string; readonly errors: DraftErrors } {
  const errors = new Map<string, string>();
  const parts = elements.map((element, index) => encode(types, element.type, drafts[index] ?? emptyDraft(types, element.type), element.name, errors));
  return { json: `[${parts.join(',')}]`, errors };
}

function encode(types: Typespace, type: SatsType, draft: Draft, place: string, errors: Map<string, string>): string {
  const resolved = types.resolve(type);
  switch (draft.kind) {
    case 'flag':
      return String(draft.on);
    case 'text': {
      const made = isPlain(types, type) ? plain(types, type, draft.text) : rawJson(draft.text);
      if ('error' in made) errors.set(place, made.error);
      return 'json' in made ? made.json : 'null';
    }
    case 'option':
      return draft.present ? `{"some":${encode(types, types.optional(type) ?? type, draft.inner, place, errors)}}` : '{"none":[]}';
    case 'choice': {
      const variant = resolved.kind === 'sum' ? resolved.variants[draft.variant] : undefined;
      if (variant === undefined) return 'null';
      return `[${draft.variant},${encode(types, variant.type, draft.inner, `${place}.${variant.name}`, errors)}]`;
    }
    case 'list':
      return `[${draft.items.map((item, index) => encode(types, resolved.kind === 'array' ? resolved.element : type, item, `${place}[${index}]`, errors)).join(',')}]`;
    case 'fields': {
      const elements = resolved.kind === 'product' ? resolved.elements : [];
      return `[${elements.map((element, index) => encode(types, element.type, draft.items[index] ?? emptyDraft(types, element.type), `${place}.${element.name}`, errors)).join(',')}]`;
    }
  }
}

type Made = { readonly json: string } | { readonly error: string };

function rawJson(text: string): Made {
  try {
    JSON.parse(text);
    return { json: text };
  } catch {
    return { error: 'JSON is wanted here.' };
  }
}

function plain(types: Typespace, type: SatsType, text: string): Made {
  const special = types.special(type);
  if (special !== null) return specialJson(special, text.trim());
  if (types.isBytes(type)) {
    const digits = text.trim().replace(/^0x/, '');
    return /^([0-9a-fA-F]{2})*$/.test(digits) ? { json: `"${digits}"` } : { error: 'Bytes as pairs of hexadecimal digits, such as 00ff.' };
  }
  const primitive = types.resolve(type);
  return primitive.kind === 'primitive' ? primitiveJson(primitive.name, text) : { error: 'This cannot be entered.' };
}

function primitiveJson(name: PrimitiveName, text: string): Made {
  if (name === 'String') return { json: JSON.stringify(text) };
  const trimmed = text.trim();
  if (isInteger(name)) return integerJson(trimmed, integerRange(name), name);
  if (name === 'Bool') return /^(true|false)$/.test(trimmed) ? { json: trimmed } : { error: 'true or false.' };
  return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(trimmed) && Number.isFinite(Number(trimmed)) ? { json: trimmed.replace(/^(-?)0+(?=\d)/, '$1') } : { error: 'A number is wanted, such as 1.5.' };
}

function integerJson(text: string, range: { readonly least: bigint; readonly greatest: bigint }, name: string): Made {
  if (!/^-?(\d{1,78}|0x[0-9a-fA-F]{1,64})$/.test(text)) return { error: 'A whole number is wanted.' };
  const negative = text.startsWith('-');
  const size = BigInt(negative ? text.slice(1) : text);
  const number = negative ? -size : size;
  if (number < range.least || number > range.greatest) return { error: `${name.toLowerCase()} reaches from ${range.least} to ${range.greatest}.` };
  return { json: String(number) };
}

function specialJson(name: SpecialName, text: string): Made {
  const digits = text.replace(/^0x/, '');
  switch (name) {
    case 'Identity':
      return /^[0-9a-fA-F]{64}$/.test(digits) ? { json: `["0x${digits}"]` } : { error: 'An identity has 64 hexadecimal digits.' };
    case 'ConnectionId':
      return /^[0-9a-fA-F]{32}$/.test(digits) ? { json: `[${BigInt(`0x${digits}`)}]` } : { error: 'A connection has 32 hexadecimal digits.' };
    case 'Uuid': {
      const plainDigits = text.replaceAll('-', '');
      return /^[0-9a-fA-F]{32}$/.test(plainDigits) ? { json: `[${BigInt(`0x${plainDigits}`)}]` } : { error: 'A UUID, such as 01888d6e-5c00-7000-8000-000000000001.' };
    }
    case 'Timestamp': {
      if (/^-?\d+$/.test(text)) return { json: `[${BigInt(text)}]` };
      const time = Date.parse(text);
      return Number.isNaN(time) ? { error: 'A time such as 2030-01-31 12:00, or microseconds since 1970.' } : { json: `[${BigInt(time) * 1000n}]` };
    }
    case 'TimeDuration':
      return /^-?\d+(\.\d+)?$/.test(text) ? { json: `[${BigInt(Math.round(Number(text) * 1_000_000))}]` } : { error: 'Seconds, such as 1.5.' };
  }
}

/** What to write into an empty field. */
export function hint(types: Typespace, type: SatsType): string {
  switch (types.special(type)) {
    case 'Identity':
      return '64 hexadecimal digits';
    case 'ConnectionId':
      return '32 hexadecimal digits';
    case 'Uuid':
      return '00000000-0000-0000-0000-000000000000';
    case 'Timestamp':
      return '2030-01-31 12:00';
    case 'TimeDuration':
      return 'seconds';
    case null:
      return types.isBytes(type) ? 'hexadecimal digits' : '';
  }
}
