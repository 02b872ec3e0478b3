#!/usr/bin/env node
/** Asks a freshly started worker node for what callers ask for. Usage: rehearse-node.mjs URL */
const url = process.argv[2];
const envelope = JSON.stringify({ meta: [{ name: 'method', value: 'multiply' }], content: JSON.stringify({ A: '[[1,2],[3,4]]', B: '[[5,6],[7,8]]' }) });
for (let round = 0; round < 20; round++) {
  await fetch(`${url}/rpc`, { method: 'POST', body: envelope }).then((answer) => answer.text());
  await fetch(`${url}/call/multiply`, { method: 'POST', body: '{}' }).then((answer) => answer.text());
  for (const path of ['/health/ready', '/metrics', '/']) await fetch(url + path).then((answer) => answer.text());
}
