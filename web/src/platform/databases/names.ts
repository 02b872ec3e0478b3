/** What is wrong with a database's name, in words; null if it is good. */
export function databaseNameProblem(name: string): string | null {
  if (name === '') return 'The database needs a name.';
  if (name.length > 64) return 'At most 64 characters.';
  if (/^[0-9a-f]{64}$/.test(name)) return '64 hexadecimal digits would be an identity.';
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) ? null : 'Small letters, digits, and single hyphens between them.';
}
