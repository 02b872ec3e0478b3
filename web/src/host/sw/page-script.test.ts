import { describe, expect, it } from 'vitest';
import { withScript } from './page-script';

const html = (type = 'text/html; charset=utf-8'): [string, string][] => [['Content-Type', type], ['Content-Length', '10']];
const TAG = '<script src="/__cloche/host/console.js" data-ide="http://ide.test"></script>';
const text = async (body: ArrayBuffer | ReadableStream<Uint8Array> | null) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(await new Response(body).arrayBuffer());
const bytes = (page: string) => new TextEncoder().encode(page);

function stream(...chunks: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) {
        controller.enqueue(bytes(chunk));
      }
      controller.close();
    },
  });
}

describe('the script in a preview\'s page', () => {
  it('comes after the doctype, and before all else', async () => {
    const pages = [
      ['<!doctype html><title>é</title>', `<!doctype html>${TAG}<title>é</title>`],
      ['\ufeff \n<!-- <b> --><!DOCTYPE html>\n<p>', `\ufeff \n<!-- <b> --><!DOCTYPE html>${TAG}\n<p>`],
      ['<p>old</p>', `${TAG}<p>old</p>`],
      ['\ufeff<p>', `\ufeff${TAG}<p>`],
      ['', TAG],
    ];
    for (const [page = '', expected] of pages) {
      const whole = withScript({ headers: html(), body: bytes(page).buffer }, 'http://ide.test');
      expect(await text(whole.body)).toBe(expected);
      expect(whole.headers.map(([name]) => name)).toEqual(['Content-Type']);
      const pieces = withScript({ headers: html(), body: stream(...page) }, 'http://ide.test');
      expect(await text(pieces.body)).toBe(expected);
    }
  });

  it('holds no more of a stream back than it has to', async () => {
    let go: () => void = () => undefined;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes('<!doctype html><p>first'));
        go = () => { controller.close(); };
      },
    });
    const reader = (withScript({ headers: html(), body }, 'http://ide.test').body as ReadableStream<Uint8Array>).getReader();
    let seen = '';
    while (!seen.includes('first')) {
      seen += new TextDecoder().decode((await reader.read()).value);
    }
    go();

    expect((await reader.read()).done).toBe(true);
  });

  it('is not put into anything else', () => {
    for (const headers of [html('application/json'), html('text/htmlx'), [...html(), ['content-encoding', 'gzip']] as [string, string][], []]) {
      const answer = { headers, body: bytes('<p>').buffer };
      expect(withScript(answer, 'http://ide.test')).toBe(answer);
    }
    const empty = { headers: html(), body: null };
    expect(withScript(empty, 'http://ide.test')).toBe(empty);
  });
});
