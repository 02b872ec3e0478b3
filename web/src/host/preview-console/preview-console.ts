// Runs in the pages of a preview, before their own scripts: tells the IDE what they write to the console and what went
// wrong in them. The service worker puts it into each page; published apps do not have it.
import { CONSOLE_LIMITS, type ConsoleLevel, type ConsoleLine, type PreviewConsole } from '@/protocol';
import { describe, describeAll } from './describe';

const FLUSH_MS = 50;
const LEVELS: readonly ConsoleLevel[] = ['debug', 'log', 'info', 'warn', 'error'];

/** `ide` is the origin of the IDE: no other page hears anything. */
export function watchConsole(ide: string, top: Pick<Window, 'postMessage'>): void {
  let lines: ConsoleLine[] = [];
  let leftOut = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (lines.length > 0) {
      top.postMessage({ type: 'preview-console', lines, leftOut } satisfies PreviewConsole, ide);
    }
    lines = [];
    leftOut = 0;
  };
  const add = (level: ConsoleLevel, text: string): void => {
    if (lines.length < CONSOLE_LIMITS.lines) {
      lines.push({ level, text });
    } else {
      leftOut += 1;
    }
    timer ??= setTimeout(flush, FLUSH_MS);
  };

  for (const level of LEVELS) {
    const own = console[level].bind(console);
    console[level] = (...values: unknown[]) => {
      own(...values);
      add(level, describeAll(values));
    };
  }
  addEventListener('error', (event: Event) => {
    if (event instanceof ErrorEvent) {
      const place = event.filename === '' ? '' : ` (${event.filename.replace(location.origin, '')}:${event.lineno})`;
      add('error', event.error instanceof Error ? describe(event.error) : `${event.message}${place}`);
    } else if (event.target instanceof Element) {
      const address = event.target.getAttribute('src') ?? event.target.getAttribute('href') ?? '';
      add('error', `${event.target.tagName.toLowerCase()} could not be loaded: ${address}`);
    }
  }, { capture: true });
  addEventListener('unhandledrejection', (event) => { add('error', `Uncaught (in promise) ${describe(event.reason)}`); });
  addEventListener('securitypolicyviolation', (event) => {
    const { effectiveDirective, blockedURI } = event as SecurityPolicyViolationEvent;
    add('error', `Refused by the policy of this page (${effectiveDirective}): ${blockedURI}`);
  });
  addEventListener('pagehide', flush);
}
