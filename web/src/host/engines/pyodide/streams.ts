// Python's standard streams: output goes into the shared memory, input is asked from the person.
import type { PyodideAPI } from 'pyodide';
import type { OutputStream, WorkerSide } from '../../shared-memory';
import type { ConsoleHost } from './console-host';

/** `pause` is called whenever a program wrote. */
export function connectStreams(pyodide: PyodideAPI, memory: WorkerSide, host: ConsoleHost, pause: () => void): void {
  const writer = (stream: OutputStream) => ({
    // Python flushes a terminal's stream at each line, so the order of both is kept.
    isatty: true,
    write: (bytes: Uint8Array): number => {
      memory.write(stream, bytes);
      pause();
      return bytes.length;
    },
  });
  pyodide.setStdout(writer('stdout'));
  pyodide.setStderr(writer('stderr'));
  pyodide.setStdin({
    isatty: true,
    stdin: () => {
      const line = host.line('', false);
      if (line.kind === 'interrupted') {
        pyodide.checkInterrupt();
      }
      return line.kind === 'line' ? line.text : undefined;
    },
  });
}
