// The official SDKs against live databases as a whole, in Node: SDK_PORT is the port of a server, SDK_TOKEN a personal token that may
// publish there. Each run publishes databases of its own.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Duplex } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { createBrotliDecompress } from 'node:zlib';
import * as undici from 'undici';
import { declare } from './behaviours.mjs';

// browsers and later versions of Node have these themselves
globalThis.Promise.withResolvers ??= () => {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
};
const Native = globalThis.DecompressionStream;
globalThis.DecompressionStream = class {
  constructor(format) {
    return format === 'brotli' ? Duplex.toWeb(createBrotliDecompress()) : new Native(format);
  }
};

declare({ describe, test, before, after, assert }, {
  port: Number(process.env.SDK_PORT),
  token: process.env.SDK_TOKEN,
  run: `sdk-${process.pid}`,
  module: readFileSync(new URL('people.py', import.meta.url), 'utf8'),
  sdks: { 1: await import('spacetimedb-1'), 2: await import('spacetimedb') },
  WebSocket: undici.WebSocket,
  unpacks: () => true,
});
