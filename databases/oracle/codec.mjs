// Reads lines "type <tab> value <tab> bytes" (RandomValues in the room values prints them) and compares each with the
// official SDK: what it decodes from the bytes, and what it encodes from that. Types and values are SATS-JSON.
import { AlgebraicType, BinaryReader, BinaryWriter } from 'spacetimedb';
import { createInterface } from 'node:readline';

// Numbers become "#123": JavaScript's own are too small. The type tells them from text.
const parse = text =>
  JSON.parse(text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, part => (part[0] === '"' ? part : `"#${part}"`)));

function typeOf(json) {
  const [kind, body] = Object.entries(json)[0];
  const parts = list => list.map(one => ({ name: one.name.some, algebraicType: typeOf(one.algebraic_type) }));
  if (kind === 'Product') return AlgebraicType.Product({ elements: parts(body.elements) });
  if (kind === 'Sum') return AlgebraicType.Sum({ variants: parts(body.variants) });
  if (kind === 'Array') return AlgebraicType.Array(typeOf(body));
  return AlgebraicType[kind];
}

const integer = text => (text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text));
const hex = bytes => Buffer.from(bytes).toString('hex');

function same(type, theirs, ours) {
  switch (type.tag) {
    case 'Bool':
    case 'String':
      return theirs === ours;
    case 'F32':
    case 'F64': {
      if (ours === null) return !Number.isFinite(theirs);
      const number = Number(ours.slice(1));
      return Object.is(type.tag === 'F32' ? Math.fround(number) : number, theirs);
    }
    case 'Array':
      if (type.value.tag === 'U8') return hex(theirs) === ours;
      return theirs.length === ours.length && ours.every((one, i) => same(type.value, theirs[i], one));
    case 'Product':
      return type.value.elements.every(one => same(one.algebraicType, theirs[one.name], ours[one.name]));
    case 'Sum': {
      const [name, payload] = Object.entries(ours)[0];
      const variant = type.value.variants.find(one => one.name === name);
      const names = type.value.variants.map(one => one.name).join();
      if (names === 'some,none') return name === 'none' ? theirs === undefined : same(variant.algebraicType, theirs, payload);
      if (names === 'ok,err') return name in theirs && same(variant.algebraicType, theirs[name], payload);
      return theirs.tag === name && same(variant.algebraicType, theirs.value, payload);
    }
    default:
      return BigInt(theirs) === integer(ours.replace('#', ''));
  }
}

let count = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const [typeText, valueText, bytesText] = line.split('\t');
  const type = typeOf(parse(typeText));
  const reader = new BinaryReader(new Uint8Array(Buffer.from(bytesText, 'hex')));
  const theirs = AlgebraicType.makeDeserializer(type)(reader);
  const writer = new BinaryWriter(64);
  AlgebraicType.makeSerializer(type)(writer, theirs);
  if (!same(type, theirs, parse(valueText)) || hex(writer.getBuffer()) !== bytesText) {
    console.error(`value ${count} differs\n${line}\nthey read`, theirs, `and write ${hex(writer.getBuffer())}`);
    process.exit(1);
  }
  count++;
}
if (count === 0) throw new Error('there was nothing to compare');
console.log(`${count} random types and values: the official SDK reads and writes the same`);
