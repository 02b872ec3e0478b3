'use strict';

const rows = document.getElementById('plants');
const error = document.getElementById('error');
const form = document.getElementById('add');

async function call(path, options) {
  const answer = await fetch(path, options);
  if (answer.status === 204) return undefined;
  const body = await answer.json();
  if (!answer.ok) throw new Error(explain(body.detail));
  return body;
}

/** FastAPI explains wrong input as a list of places and messages. */
function explain(detail) {
  if (!Array.isArray(detail)) return String(detail);
  return detail.map(({ loc, msg }) => `${loc.slice(1).join('.') || 'body'}: ${msg}`).join(' · ');
}

function cell(text) {
  const td = document.createElement('td');
  td.textContent = text;
  return td;
}

function row(plant) {
  const tr = document.createElement('tr');
  const remove = document.createElement('button');
  remove.className = 'quiet';
  remove.textContent = 'Remove';
  remove.setAttribute('aria-label', `Remove ${plant.name}`);
  remove.addEventListener('click', () => act(() => call(`/api/plants/${plant.id}`, { method: 'DELETE' })));
  const last = document.createElement('td');
  last.append(remove);
  const days = plant.water_every_days === 1 ? 'day' : `${plant.water_every_days} days`;
  tr.append(cell(plant.name), cell(plant.light), cell(days), cell(plant.planted), last);
  return tr;
}

async function show() {
  const [plants, summary] = await Promise.all([call('/api/plants'), call('/api/summary')]);
  rows.replaceChildren(...plants.map(row));
  const days = summary.water_every_days_on_average;
  document.getElementById('summary').textContent =
    `${summary.plants} plants` + (days === null ? '' : `, watered every ${days} days on average`);
}

async function act(what) {
  error.hidden = true;
  try {
    await what();
    await show();
  } catch (problem) {
    error.textContent = problem.message;
    error.hidden = false;
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(form));
  act(async () => {
    await call('/api/plants', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...fields, water_every_days: Number(fields.water_every_days) }),
    });
    form.reset();
  });
});

act(async () => {});
