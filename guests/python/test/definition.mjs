// Reads BSATN and the module definition V10, written from the format's description and sharing nothing with the package.

const TYPES = ['Ref', 'Sum', 'Product', 'Array', 'String', 'Bool', 'I8', 'U8', 'I16', 'U16', 'I32', 'U32', 'I64', 'U64', 'I128', 'U128', 'I256', 'U256', 'F32', 'F64'];
const BITS = { I8: 8, U8: 8, I16: 16, U16: 16, I32: 32, U32: 32, I64: 64, U64: 64, I128: 128, U128: 128, I256: 256, U256: 256 };

export class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
  }
  get done() { return this.at === this.bytes.length; }
  u8() { return this.view.getUint8(this.at++); }
  u16() { this.at += 2; return this.view.getUint16(this.at - 2, true); }
  u32() { this.at += 4; return this.view.getUint32(this.at - 4, true); }
  raw(size) {
    if (this.at + size > this.bytes.length) throw new Error(`${size} bytes wanted, ${this.bytes.length - this.at} left`);
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }
  data() { return this.raw(this.u32()); }
  text() { return new TextDecoder('utf-8', { fatal: true }).decode(this.data()); }
  bool() { const b = this.u8(); if (b > 1) throw new Error(`bool ${b}`); return b === 1; }
  tag(limit) { const b = this.u8(); if (b >= limit) throw new Error(`tag ${b} of ${limit}`); return b; }
  option(read) { return this.tag(2) === 0 ? read() : null; }
  list(read) { return Array.from({ length: this.u32() }, () => read()); }
  integer(bits, signed) {
    let value = 0n;
    this.raw(bits / 8).forEach((byte, i) => { value |= BigInt(byte) << BigInt(8 * i); });
    if (signed) value = BigInt.asIntN(bits, value);
    return bits <= 32 ? Number(value) : value;
  }
  type() {
    const kind = TYPES[this.tag(TYPES.length)];
    if (kind === 'Ref') return { kind, ref: this.u32() };
    if (kind === 'Array') return { kind, item: this.type() };
    if (kind === 'Sum' || kind === 'Product') return { kind, elements: this.product() };
    return { kind };
  }
  product() { return this.list(() => ({ name: this.option(() => this.text()), type: this.type() })); }
  /** A value of a type: objects by field name, sums as {name: value}, integers above 32 bits as BigInt. */
  value(type, types) {
    if (type.kind === 'Ref') return this.value(types[type.ref], types);
    if (type.kind === 'Product') return Object.fromEntries(type.elements.map((e, i) => [e.name ?? i, this.value(e.type, types)]));
    if (type.kind === 'Sum') { const e = type.elements[this.tag(type.elements.length)]; return { [e.name]: this.value(e.type, types) }; }
    if (type.kind === 'Array') return type.item.kind === 'U8' ? this.data() : this.list(() => this.value(type.item, types));
    if (type.kind === 'String') return this.text();
    if (type.kind === 'Bool') return this.bool();
    if (type.kind === 'F32') { this.at += 4; return this.view.getFloat32(this.at - 4, true); }
    if (type.kind === 'F64') { this.at += 8; return this.view.getFloat64(this.at - 8, true); }
    return this.integer(BITS[type.kind], type.kind[0] === 'I');
  }
}

const columns = (r) => r.list(() => r.u16());
const SECTIONS = [
  ['types', (r) => r.list(() => r.type())],
  ['names', (r) => r.list(() => ({ scope: r.list(() => r.text()), name: r.text(), ref: r.u32(), ordering: r.bool() }))],
  ['tables', (r) => r.list(() => ({
    name: r.text(), ref: r.u32(), key: columns(r),
    indexes: r.list(() => ({ name: r.option(() => r.text()), accessor: r.option(() => r.text()), ...index(r) })),
    unique: r.list(() => ({ name: r.option(() => r.text()), kind: r.tag(1), columns: columns(r) })),
    sequences: r.list(() => ({ name: r.option(() => r.text()), column: r.u16(), start: r.option(() => r.integer(128, true)), low: r.option(() => r.integer(128, true)),
      high: r.option(() => r.integer(128, true)), step: r.integer(128, true) })),
    user: r.tag(2) === 1, public: r.tag(2) === 0, defaults: r.list(() => ({ column: r.u16(), value: r.data() })), event: r.bool(),
  }))],
  ['reducers', (r) => r.list(() => ({ name: r.text(), parameters: r.product(), callable: r.tag(2) === 1, ok: r.type(), error: r.type() }))],
  ['procedures', (r) => r.list(() => ({ name: r.text(), parameters: r.product(), result: r.type(), callable: r.tag(2) === 1 }))],
  ['views', (r) => r.list(() => ({ name: r.text(), index: r.u32(), public: r.bool(), anonymous: r.bool(), parameters: r.product(), result: r.type() }))],
  ['schedules', (r) => r.list(() => ({ name: r.option(() => r.text()), table: r.text(), column: r.u16(), function: r.text() }))],
  ['lifecycles', (r) => r.list(() => ({ kind: ['init', 'connect', 'disconnect'][r.tag(3)], function: r.text() }))],
];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];
const LATER_SECTIONS = {
  11: ['handlers', (r) => r.list(() => r.text())],
  12: ['routes', (r) => r.list(() => ({ handler: r.text(), method: r.tag(2) === 0 ? null : METHODS[r.tag(METHODS.length)], path: r.text() }))],
};
const index = (r) => {
  const kind = ['btree', 'hash', 'direct'][r.tag(3)];
  return { kind, columns: kind === 'direct' ? [r.u16()] : columns(r) };
};

/** The definition as an object; throws where bytes are left over or a tag is unknown. */
export function readDefinition(bytes) {
  const r = new Reader(bytes);
  if (r.u8() !== 2) throw new Error('not a definition of version 10');
  const out = { types: [], names: [], tables: [], reducers: [], procedures: [], views: [], schedules: [], lifecycles: [], handlers: [], routes: [], conversion: 'SnakeCase' };
  for (let count = r.u32(); count > 0; count--) {
    const tag = r.u8();
    if (tag === 9) out.conversion = ['None', 'SnakeCase'][r.tag(2)];
    else if (SECTIONS[tag] ?? LATER_SECTIONS[tag]) { const [name, read] = SECTIONS[tag] ?? LATER_SECTIONS[tag]; out[name] = read(r); }
    else throw new Error(`section ${tag}`);
  }
  if (!r.done) throw new Error(`${bytes.length - r.at} bytes are left over`);
  return out;
}
