// Start of a published app's page.
import { startPyodideWorker } from '../pyodide-worker';
import { AppPage } from './app-page';
import { AppScreen } from './app-screen';
import './app.css';

const root = document.getElementById('root');
if (root !== null) {
  void new AppPage(new AppScreen(root), startPyodideWorker).start();
}
