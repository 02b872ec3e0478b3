import { expect, test } from '@playwright/test';
import { api, type Answer } from '../support/api';
import { Firefox } from '../support/firefox';
import { PLUGIN_CASES, pluginBundle } from '../support/plugins';
import { sharedServer } from '../support/server';
import { oneTimeLink, signIn } from '../support/session';
import { bytesOf, callWorker, example, exampleWorkers, lendTab, places, publishWorker } from '../support/workers';

/** The same file and the same vectors on the server and in a lent tab: the same bytes, the same refusals. */
async function expectConformance(tab: string): Promise<void> {
  for (const worker of exampleWorkers()) {
    const { bundle, vectors } = example(worker);
    const { name, digest } = await publishWorker(worker, bundle);
    expect(vectors.length).toBeGreaterThan(0);
    for (const vector of vectors) {
      for (const where of ['local', tab]) {
        const answer = await callWorker(name, vector.function, bytesOf(vector.input), where);
        const label = `${worker} ${vector.function}, ${vector.name}, at ${where}: ${answer.status === 200 ? '' : answer.text}`;
        if (vector.output !== undefined) {
          expect(answer.status, label).toBe(200);
          expect(answer.bytes.equals(bytesOf(vector.output)), label).toBe(true);
          expect(answer.headers, label).toMatchObject({ 'cloche-ran-on': where, 'cloche-digest': digest });
        } else {
          expect(said(answer), label).toMatchObject({ ...(vector.error?.field !== undefined && { field: vector.error.field, rule: vector.error.rule }), message: vector.error?.message });
        }
      }
    }
  }
  for (const one of PLUGIN_CASES) {
    const { name } = await publishWorker('plugin', pluginBundle(one));
    const answers: Answer[] = [];
    for (const where of ['local', tab]) {
      const answer = await callWorker(name, one.function, Buffer.from(one.input ?? ''), where);
      const label = `${JSON.stringify(one.modules)} ${one.function} at ${where}: ${answer.status === 200 ? '' : answer.text}`;
      answers.push(answer);
      if (one.failure === undefined) expect(answer.status, label).toBe(200);
      else expect(said(answer), label).toMatchObject({ failure: one.failure, ...(one.message !== undefined && { message: one.message }) });
      if (one.output !== undefined) expect(answer.text, label).toBe(one.output);
    }
    if (one.failure === undefined) expect(answers[1]?.text).toBe(answers[0]?.text);
    await api(`/api/workers/${name}`, { method: 'DELETE' });
  }
}

function said(answer: Answer): { readonly failure: string; readonly message: string; readonly field?: string; readonly rule?: string } {
  const { failure, detail, errors } = answer.json as { failure: string; detail: string; errors?: readonly { field: string; rule: string }[] };
  return { failure, message: detail, ...errors?.[0] && { field: errors[0].field, rule: errors[0].rule } };
}

test('in a tab of Chromium workers answer as on the server', async ({ context }) => {
  await signIn(context);
  await expectConformance(await lendTab(await context.newPage()));
});

test('in a tab of Firefox workers answer as on the server', async () => {
  const firefox = await Firefox.start();
  try {
    await firefox.open(await oneTimeLink());
    // the page goes on to the dashboard by itself
    await expect.poll(() => firefox.text()).toContain('New workspace');
    await firefox.open(`${sharedServer().url}/workers`);
    await firefox.press('Lend this tab');
    await firefox.press('Lend it');
    const tab = async () => (await places()).find(({ engine }) => engine.startsWith('Firefox'))?.id ?? '';
    await expect.poll(tab).not.toBe('');
    await expectConformance(await tab());
  } finally {
    await firefox.close();
  }
});
