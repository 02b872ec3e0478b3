/** The glass bell with a seedling under it. */
export function Logo({ size = 22 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden className="shrink-0">
      <path d="M4 20v-7a8 8 0 0 1 16 0v7" stroke="var(--accent)" strokeWidth="1.8" strokeLinecap="round" />
      <path d="M2.5 20.5h19" stroke="var(--accent)" strokeWidth="1.8" strokeLinecap="round" />
      <circle cx="12" cy="3" r="1.3" fill="var(--accent)" />
      <path d="M12 19v-6" stroke="var(--ok)" strokeWidth="1.8" strokeLinecap="round" />
      <path d="M12 14.5c0-2.2-1.6-3.6-4-3.6 0 2.300 1.500 3.600 4 3.600ZM12 13c0-1.900 1.400-3.100 3.600-3.100 0 2-1.300 3.100-3.600 3.100Z" fill="var(--ok)" />
    </svg>
  );
}
