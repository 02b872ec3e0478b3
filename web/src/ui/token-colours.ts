/**
 * The values of colour tokens as they are now, as #rrggbb: for editors and terminals, which draw by themselves. They are
 * read as the browser computes them, because style sheets are minified.
 */
export function tokenColours<T extends string>(names: readonly T[]): Record<T, string> {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const colours = {} as Record<T, string>;
  for (const name of names) {
    probe.style.color = `var(--${name})`;
    colours[name] = hexOf(getComputedStyle(probe).color);
  }
  probe.remove();
  return colours;
}

/** `rgb(18, 19, 24)` as `#121318`. */
export function hexOf(colour: string): string {
  const parts = colour.match(/[\d.]+/g)?.slice(0, 3) ?? [];
  return `#${parts.map((part) => Math.round(Number(part)).toString(16).padStart(2, '0')).join('')}`;
}
