#!/usr/bin/env node
/** Asks a freshly started server for what a first visitor asks for. Usage: rehearse.mjs DATA */
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';

const { port, url, key } = JSON.parse(await readFile(join(process.argv[2], 'run', 'server.json'), 'utf8'));
const { host } = new URL(url);

function call(path, options = {}) {
  return new Promise((done) => {
    const asked = request({ host: '127.0.0.1', port, path, ...options, headers: { host, ...options.headers } }, (answer) => {
      answer.resume();
      answer.on('end', () => done(answer.statusCode));
    });
    asked.on('error', () => done(0));
    asked.end(options.body);
  });
}

const operator = { authorization: `Bearer ${key}` };
for (let round = 0; round < 20; round++) {
  await call('/', { headers: { accept: 'text/html' } });
  await call('/health/ready');
  for (const path of ['/api/session', '/api/system', '/api/workspaces', '/api/projects', '/api/apps', '/api/templates']) {
    await call(path, { headers: operator });
  }
}
