import { Package, PackageCheck, X } from 'lucide-react';
import { useEffect } from 'react';
import { formatSize } from '@/base/bytes';
import { normalName, requirementName, type PackageFound } from '@/platform/packages/package-service';
import { Button, IconButton, Spinner } from '@/ui/button';
import { Failure } from '@/ui/states';
import { useValue } from '@/ui/use-value';
import { SideHeader } from '@/workbench/side-area';
import type { PackagesModel } from './packages-model';

/** What the workspace's Python can import: search, install, remove. */
export function createPackagesView(model: PackagesModel) {
  return function PackagesView() {
    const search = useValue(model.search);
    useEffect(() => void model.packages.load(), []);
    return (
      <>
        <SideHeader title="Packages" />
        <div className="px-3 pb-2">
          <input
            type="search"
            aria-label="Search packages"
            placeholder="Search packages"
            value={search.text}
            spellCheck={false}
            onChange={(event) => model.setSearch(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && search.text.trim() !== '') void model.install([search.text.trim()]);
            }}
            className="h-7 w-full rounded-control border border-line-strong bg-surface px-2"
          />
          <p className="mt-1 text-meta text-faint">Enter installs what you typed, also with a version: pandas==3.0.0</p>
        </div>
        <div className="min-h-0 flex-1 overflow-y-auto pb-4">
          <Progress model={model} />
          <Refusal model={model} />
          {search.found === null && !search.isSearching ? <Installed model={model} /> : <Found model={model} />}
        </div>
      </>
    );
  };
}

function Progress({ model }: { readonly model: PackagesModel }) {
  const { busy, progress } = useValue(model.work);
  if (busy.size === 0) return null;
  return <p role="status" className="flex items-center gap-2 px-3 pb-2 text-small text-muted"><Spinner /> {progress ?? `Working on ${[...busy].join(', ')}…`}</p>;
}

function Refusal({ model }: { readonly model: PackagesModel }) {
  const { failure } = useValue(model.work);
  if (failure === null) return null;
  return (
    <div role="alert" className="mx-3 mb-3 rounded-card border border-line-strong bg-err-soft px-3 py-2">
      <div className="flex items-start gap-2">
        <p className="flex-1 font-medium">{failure.text}</p>
        <IconButton small label="Dismiss" onClick={() => model.dismissFailure()}><X size={13} /></IconButton>
      </div>
      <ul className="mt-1 flex flex-col gap-1.5 text-small text-muted">
        {failure.reasons.map((reason) => (
          <li key={`${reason.package} ${reason.message}`}>
            <span className="font-medium text-fg">{reason.package}</span>: {reason.message}
            {reason.help !== undefined && <span className="block text-faint">{reason.help}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Installed({ model }: { readonly model: PackagesModel }) {
  const { loading, wheels, requirements, failure } = useValue(model.packages.state);
  const { busy } = useValue(model.work);
  if (failure !== null) return <div className="px-3"><Failure title="The packages are not known" detail={failure} onRetry={() => void model.packages.load()} /></div>;
  if (loading) return <p role="status" className="flex items-center gap-2 px-3 text-muted"><Spinner /> Resolving packages…</p>;
  const wanted = new Map(requirements.map((requirement) => [requirementName(requirement), requirement]));
  const total = wheels.reduce((sum, wheel) => sum + wheel.size, 0);
  const sorted = [...wheels].sort((a, b) => Number(wanted.has(normalName(b.name))) - Number(wanted.has(normalName(a.name))) || a.name.localeCompare(b.name));
  return (
    <>
      <h3 className="flex px-3 py-1 text-small font-medium text-muted"><span className="flex-1">Installed</span><span className="text-meta text-faint">{wheels.length}, {formatSize(total)}</span></h3>
      {wheels.length === 0 && <p className="px-3 text-faint">None yet. Search above, or just import one and press Run.</p>}
      <ul aria-label="Installed packages">
        {sorted.map((wheel) => {
          const requirement = wanted.get(normalName(wheel.name));
          return (
            <li key={wheel.name} className="group flex h-7 items-center gap-2 px-3 hover:bg-hover">
              {requirement === undefined ? <Package size={13} aria-hidden className="shrink-0 text-faint" /> : <PackageCheck size={13} aria-hidden className="shrink-0 text-ok" />}
              <span className={requirement === undefined ? 'truncate text-muted' : 'truncate'} title={requirement === undefined ? 'Needed by another package' : `Asked for: ${requirement}`}>{wheel.name}</span>
              <span className="font-mono text-meta text-faint">{wheel.version}</span>
              <span className="ml-auto text-meta text-faint">{formatSize(wheel.size)}</span>
              <span className="flex size-6 shrink-0 items-center justify-center">
                {requirement !== undefined &&
                  (busy.has(requirement) ? <Spinner /> : <IconButton small label={`Remove ${wheel.name}`} className="opacity-0 group-hover:opacity-100 focus-visible:opacity-100" onClick={() => void model.remove(requirement)}><X size={13} /></IconButton>)}
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}

function Found({ model }: { readonly model: PackagesModel }) {
  const { found, isSearching, failure } = useValue(model.search);
  const { wheels } = useValue(model.packages.state);
  const installed = new Map(wheels.map((wheel) => [normalName(wheel.name), wheel.version]));
  if (failure !== null) return <div className="px-3"><Failure title="The search failed" detail={failure} /></div>;
  if (isSearching && found === null) return <p role="status" className="flex items-center gap-2 px-3 text-muted"><Spinner /> Searching…</p>;
  if (found?.length === 0) return <p className="px-3 text-muted">No package of this name is known here.</p>;
  return (
    <ul aria-label="Packages found">
      {found?.map((entry) => <FoundRow key={entry.name} entry={entry} model={model} installed={installed.get(normalName(entry.name)) ?? null} />)}
    </ul>
  );
}

function FoundRow({ entry, model, installed }: { readonly entry: PackageFound; readonly model: PackagesModel; readonly installed: string | null }) {
  const { busy } = useValue(model.work);
  return (
    <li className="flex items-start gap-2 px-3 py-1.5 hover:bg-hover">
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline gap-2">
          <span className="truncate font-medium">{entry.name}</span>
          <span className="font-mono text-meta text-faint">{entry.version}</span>
          {entry.size !== undefined && <span className="text-meta text-faint">{formatSize(entry.size)}</span>}
        </p>
        {entry.summary !== undefined && <p className="line-clamp-2 text-small text-muted">{entry.summary}</p>}
        {!entry.loadable && <p className="text-small text-warn">{entry.reason ?? 'There is no wheel of it that runs in the tab.'}</p>}
      </div>
      {installed === null ? (
        <Button small busy={busy.has(entry.name)} disabled={!entry.loadable} aria-label={`Install ${entry.name}`} onClick={() => void model.install([entry.name])}>Install</Button>
      ) : (
        <span className="text-small text-ok">Installed</span>
      )}
    </li>
  );
}
