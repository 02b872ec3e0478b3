import { isObject, list, member, some, textOf, type Json } from './exact-json';

/** A type of the values in databases (SATS), as the schema's JSON says it. */
export type SatsType =
  | { readonly kind: 'primitive'; readonly name: PrimitiveName }
  | { readonly kind: 'array'; readonly element: SatsType }
  | { readonly kind: 'product'; readonly elements: readonly SatsElement[] }
  | { readonly kind: 'sum'; readonly variants: readonly SatsElement[] }
  | { readonly kind: 'ref'; readonly index: number };

/** A field of a product or a variant of a sum. */
export interface SatsElement {
  readonly name: string;
  readonly type: SatsType;
}

const INTEGERS = { I8: 8, U8: 8, I16: 16, U16: 16, I32: 32, U32: 32, I64: 64, U64: 64, I128: 128, U128: 128, I256: 256, U256: 256 } as const;
export type IntegerName = keyof typeof INTEGERS;
export type PrimitiveName = IntegerName | 'Bool' | 'String' | 'F32' | 'F64';

const PRIMITIVES: ReadonlySet<string> = new Set([...Object.keys(INTEGERS), 'Bool', 'String', 'F32', 'F64']);

/** Products that stand for something, told by the one name of their element. */
const SPECIAL = {
  __identity__: 'Identity',
  __connection_id__: 'ConnectionId',
  __timestamp_micros_since_unix_epoch__: 'Timestamp',
  __time_duration_micros__: 'TimeDuration',
  __uuid__: 'Uuid',
} as const;
export type SpecialName = (typeof SPECIAL)[keyof typeof SPECIAL];

export const UNIT: SatsType = { kind: 'product', elements: [] };

/** The type that JSON such as `{"Array":{"U8":[]}}` describes. */
export function readType(json: Json | undefined): SatsType {
  if (!isObject(json)) return UNIT;
  const [name = '', body] = Object.entries(json)[0] ?? [];
  if (PRIMITIVES.has(name)) return { kind: 'primitive', name: name as PrimitiveName };
  if (name === 'Array') return { kind: 'array', element: readType(body) };
  if (name === 'Ref') return { kind: 'ref', index: Number(body) };
  if (name === 'Sum') return { kind: 'sum', variants: readElements(member(body, 'variants')) };
  return { kind: 'product', elements: readElements(member(body, 'elements')) };
}

export function readElements(json: Json | undefined): readonly SatsElement[] {
  return list(json).map((element, index) => ({ name: textOf(some(member(element, 'name'))) || String(index), type: readType(member(element, 'algebraic_type')) }));
}

/** The least and the greatest number of an integer type. */
export function integerRange(name: IntegerName): { readonly least: bigint; readonly greatest: bigint } {
  const bits = BigInt(INTEGERS[name]);
  return name.startsWith('I') ? { least: -(1n << (bits - 1n)), greatest: (1n << (bits - 1n)) - 1n } : { least: 0n, greatest: (1n << bits) - 1n };
}

export function isInteger(name: PrimitiveName): name is IntegerName {
  return name in INTEGERS;
}

/** The types of a module: references are looked up here, because types may contain themselves. */
export class Typespace {
  constructor(
    private readonly types: readonly SatsType[],
    private readonly names: ReadonlyMap<number, string> = new Map(),
  ) {}

  /** The type itself, if this is a reference to it. */
  resolve(type: SatsType): Exclude<SatsType, { kind: 'ref' }> {
    let found = type;
    for (let depth = 0; found.kind === 'ref'; depth++) {
      if (depth > 100) return { kind: 'product', elements: [] };
      found = this.types[found.index] ?? UNIT;
    }
    return found;
  }

  /** Which well-known product it is. */
  special(type: SatsType): SpecialName | null {
    const product = this.resolve(type);
    const only = product.kind === 'product' && product.elements.length === 1 ? product.elements[0]?.name : undefined;
    return only !== undefined && only in SPECIAL ? SPECIAL[only as keyof typeof SPECIAL] : null;
  }

  /** What may be absent, if the type is an option. */
  optional(type: SatsType): SatsType | null {
    const sum = this.resolve(type);
    if (sum.kind !== 'sum' || sum.variants.length !== 2) return null;
    const [first, second] = sum.variants;
    return first?.name === 'some' && second?.name === 'none' ? first.type : null;
  }

  isScheduleAt(type: SatsType): boolean {
    const sum = this.resolve(type);
    return sum.kind === 'sum' && sum.variants.map((variant) => variant.name.toLowerCase()).join() === 'interval,time';
  }

  isBytes(type: SatsType): boolean {
    const array = this.resolve(type);
    if (array.kind !== 'array') return false;
    const element = this.resolve(array.element);
    return element.kind === 'primitive' && element.name === 'U8';
  }

  isUnit(type: SatsType): boolean {
    const product = this.resolve(type);
    return product.kind === 'product' && product.elements.length === 0;
  }

  /** The type in a few words: `string`, `u64?`, `[i32]`, `Identity`, `Position`. */
  words(type: SatsType): string {
    const special = this.special(type);
    if (special !== null) return special;
    if (this.isScheduleAt(type)) return 'ScheduleAt';
    if (this.isBytes(type)) return 'bytes';
    const inner = this.optional(type);
    if (inner !== null) return `${this.words(inner)}?`;
    if (type.kind === 'ref') return this.names.get(type.index) ?? `type ${type.index}`;
    if (type.kind === 'primitive') return type.name.toLowerCase();
    if (type.kind === 'array') return `[${this.words(type.element)}]`;
    if (type.kind === 'sum') return type.variants.map((variant) => variant.name).join(' | ');
    return type.elements.length === 0 ? '()' : `{${type.elements.map((element) => `${element.name}: ${this.words(element.type)}`).join(', ')}}`;
  }
}
