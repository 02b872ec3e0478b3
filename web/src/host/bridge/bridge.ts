// Start of the bridge page of a preview's origin.
import { BridgePage } from './bridge-page';

const controlOrigin = document.querySelector<HTMLMetaElement>('meta[name="cloche-control-origin"]')?.content ?? '';
const text = document.getElementById('text');

void new BridgePage(controlOrigin, (message) => {
  if (text !== null) {
    text.textContent = message;
  }
}).start();
