/** A titled part of the settings. */
export function Section({ title, text, actions, children }: { readonly title: string; readonly text: string; readonly actions?: React.ReactNode; readonly children: React.ReactNode }) {
  return (
    <section aria-label={title}>
      <div className="mb-3 flex flex-wrap items-end gap-3">
        <div className="min-w-60 flex-1">
          <h2 className="text-section font-semibold tracking-tight">{title}</h2>
          <p className="text-muted">{text}</p>
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}
