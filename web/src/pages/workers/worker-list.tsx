import { Link } from '@tanstack/react-router';
import { Cpu, Plus, Search } from 'lucide-react';
import { useState } from 'react';
import { formatSize } from '@/base/bytes';
import { Button } from '@/ui/button';
import { EmptyState } from '@/ui/states';
import { Ago } from '@/ui/time';
import { ExampleButton } from './example-button';
import type { Worker } from './queries';
import { isForPeople, matches, shortDigest } from './words';

/** The workers of all projects. */
export function WorkerList({ workers, onPublish }: { readonly workers: readonly Worker[]; readonly onPublish: () => void }) {
  const [search, setSearch] = useState('');
  if (workers.length === 0) {
    return (
      <EmptyState icon={<Cpu size={20} />} title="No worker yet" action={<div className="flex flex-wrap justify-center gap-2"><Button look="primary" icon={<Plus size={15} />} onClick={onPublish}>Publish a worker</Button><ExampleButton /></div>}>
        A worker is a WebAssembly program whose functions are called by name: an Extism plug-in or a WASI command. The same file runs on the server, on nodes and in browser
        tabs. Sources to begin with lie in <code className="font-mono text-small">examples/workers</code>; <code className="font-mono text-small">./cloche worker publish</code> publishes from the command line.
      </EmptyState>
    );
  }
  const shown = workers.filter((worker) => matches(worker, search));
  return (
    <>
      <label className="relative w-full sm:w-64">
        <span className="sr-only">Search workers</span>
        <Search size={14} className="absolute top-2.5 left-2.5 text-faint" aria-hidden />
        <input type="search" value={search} onChange={(event) => setSearch(event.target.value)} placeholder="Search" className="h-8 w-full rounded-control border border-line-strong bg-surface pr-2 pl-8 placeholder:text-faint" />
      </label>
      {shown.length === 0
        ? <EmptyState icon={<Search size={20} />} title={`Nothing matches “${search}”`} action={<Button onClick={() => setSearch('')}>Clear the search</Button>}>Names, descriptions and digests are searched.</EmptyState>
        : <WorkerTable workers={shown} />}
    </>
  );
}

function WorkerTable({ workers }: { readonly workers: readonly Worker[] }) {
  return (
    <div className="overflow-x-auto rounded-card border border-line bg-surface">
      <table className="w-full table-fixed text-left">
        <thead className="text-small text-muted">
          <tr>
            <th className="px-3 py-2 font-medium sm:px-4">Name</th>
            <th className="hidden w-32 px-4 font-medium sm:table-cell">Digest</th>
            <th className="hidden w-24 px-4 text-right font-medium sm:table-cell">Functions</th>
            <th className="hidden w-24 px-4 text-right font-medium md:table-cell">Size</th>
            <th className="hidden w-28 px-4 font-medium md:table-cell">Runs in tabs</th>
            <th className="w-28 px-3 font-medium sm:w-32 sm:px-4">Updated</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line border-t border-line">
          {workers.map((worker) => (
            <tr key={worker.id} className="relative hover:bg-hover">
              <td className="px-3 py-2.5 sm:px-4">
                <Link to="/workers/$name" params={{ name: worker.name }} className="block truncate font-medium after:absolute after:inset-0">{worker.name}</Link>
                <span className="block truncate text-small text-muted">{worker.description === '' ? worker.functions.filter(isForPeople).map(({ name }) => name).join(', ') : worker.description}</span>
              </td>
              <td className="hidden px-4 font-mono text-meta text-muted sm:table-cell" title={worker.digest}>{shortDigest(worker.digest)}</td>
              <td className="hidden px-4 text-right sm:table-cell">{worker.functions.filter(isForPeople).length}</td>
              <td className="hidden px-4 text-right whitespace-nowrap md:table-cell">{formatSize(worker.bytes)}</td>
              <td className="hidden px-4 text-muted md:table-cell">{worker.tabs ? 'yes' : 'no'}</td>
              <td className="px-3 whitespace-nowrap text-muted sm:px-4"><Ago time={worker.updatedAt} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
