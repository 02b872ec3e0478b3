import { TypeIcon, typeLabels, type WorkspaceType } from '@/ui/type-icon';

const types = Object.keys(typeLabels) as WorkspaceType[];

/** One strip with the number of workspaces of each type. */
export function TypeCounts({ counts }: { readonly counts: Readonly<Record<string, number>> }) {
  return (
    <dl aria-label="Workspaces per type" className="mb-6 grid grid-cols-2 overflow-hidden rounded-card border border-line bg-surface sm:grid-cols-4">
      {types.map((type) => (
        <div key={type} className="-mt-px -ml-px border-t border-l border-line px-4 py-3">
          <dt className="flex items-center gap-1.5 text-small text-muted"><TypeIcon type={type} size={13} /> {typeLabels[type]}</dt>
          <dd className="mt-0.5 text-page font-semibold tracking-[-0.02em]">{counts[type] ?? 0}</dd>
        </div>
      ))}
    </dl>
  );
}
