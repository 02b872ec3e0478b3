// Shows openapi.json as a list of operations that can be tried. No foreign script, so it works without the Internet.
'use strict';

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className !== undefined) made.className = className;
  return made;
}

/** An example value for a schema, to start a body from. */
function example(schema, all) {
  if (schema.$ref) return example(all[schema.$ref.split('/').pop()], all);
  if (schema.examples) return schema.examples[0];
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  if (schema.type === 'object') {
    return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([key, value]) => [key, example(value, all)]));
  }
  if (schema.format === 'date') return new Date().toISOString().slice(0, 10);
  return { string: '', integer: schema.minimum ?? 0, number: 0, boolean: false, array: [] }[schema.type] ?? null;
}

function operation(path, method, described, schemas) {
  const box = element('details');
  const title = element('summary');
  title.append(element('b', method.toUpperCase(), `method ${method}`), ' ', element('code', path), ' ', described.description ?? '');
  const form = element('form', undefined, 'try');
  for (const { name, required, in: where } of described.parameters ?? []) {
    const label = element('label', `${name} `);
    const input = element('input');
    input.name = name;
    input.dataset.in = where;
    input.required = required === true;
    label.append(input);
    form.append(label);
  }
  const schema = described.requestBody?.content['application/json']?.schema;
  const body = element('textarea');
  if (schema) {
    body.rows = 7;
    body.setAttribute('aria-label', 'Body');
    body.value = JSON.stringify(example(schema, schemas), null, 2);
    form.append(body);
  }
  const answer = element('pre', undefined, 'answer');
  answer.hidden = true;
  form.append(element('button', 'Try'), answer);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    let url = path;
    const query = new URLSearchParams();
    for (const input of form.querySelectorAll('input')) {
      if (input.dataset.in === 'path') url = url.replace(`{${input.name}}`, encodeURIComponent(input.value));
      else if (input.value !== '') query.set(input.name, input.value);
    }
    const options = { method: method.toUpperCase() };
    if (schema) Object.assign(options, { headers: { 'content-type': 'application/json' }, body: body.value });
    const response = await fetch(query.size ? `${url}?${query}` : url, options);
    const text = await response.text();
    answer.textContent = `${response.status}\n${text && JSON.stringify(JSON.parse(text), null, 2)}`;
    answer.hidden = false;
  });
  box.append(title, form);
  return box;
}

async function show() {
  const contract = await (await fetch('/openapi.json')).json();
  const list = document.getElementById('operations');
  list.replaceChildren();
  for (const [path, methods] of Object.entries(contract.paths)) {
    for (const [method, described] of Object.entries(methods)) {
      list.append(operation(path, method, described, contract.components?.schemas ?? {}));
    }
  }
}

show();
