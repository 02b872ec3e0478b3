/** The browser's name and version in words: `Firefox 153`. */
export function browserName(agent: string = navigator.userAgent): string {
  const found = [/(Firefox)\/(\d+)/, /(Edg)\/(\d+)/, /(Chrome)\/(\d+)/, /Version\/(\d+).*(Safari)/].map((pattern) => pattern.exec(agent)).find((match) => match !== null);
  if (found === undefined) return 'Browser';
  const [, one = '', two = ''] = found;
  const [name, version] = /^\d/.test(one) ? [two, one] : [one, two];
  return `${name === 'Edg' ? 'Edge' : name} ${version}`;
}
