// Start of the script in a preview's pages. It is a classic script, so that it comes before all others.
import { watchConsole } from './preview-console';

const ide = document.currentScript?.dataset['ide'];
const top = window.top;
if (ide !== undefined && top !== null && top !== window) {
  watchConsole(ide, top);
}
