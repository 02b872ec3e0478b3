const folders = new Set(['node_modules', '.git', '.venv', '__pycache__', '.ipynb_checkpoints', '.pytest_cache', '.mypy_cache']);

/** What programs leave behind and can make again: stays in the engine, is neither shown nor saved. */
export function isNeverKept(path: string): boolean {
  return path.split('/').some((name) => folders.has(name)) || path.endsWith('.pyc');
}
