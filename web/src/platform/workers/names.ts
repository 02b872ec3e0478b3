/** A name for a worker made from the name of a file. */
export function nameFromFile(file: string): string {
  return file.replace(/\.\w+$/, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 64);
}

/** What is wrong with a name; null if nothing is. */
export function workerNameProblem(name: string): string | null {
  if (name.length > 64) return 'A name has at most 64 characters.';
  return /^[a-z0-9]+([._-][a-z0-9]+)*$/.test(name) ? null : 'Small letters and digits, with single dots, dashes or underscores between them.';
}
