// Start of the engine host page.
import { HostPage } from './host-page';
import { startPyodideWorker } from './pyodide-worker';

const controlOrigin = document.querySelector<HTMLMetaElement>('meta[name="cloche-control-origin"]')?.content ?? '';

void new HostPage({ controlOrigin, startWorker: startPyodideWorker }).start();
