import { Check, Copy } from 'lucide-react';
import { useId, useState } from 'react';
import { Button } from '@/ui/button';

/** A secret that is shown once, with a button that copies it. */
export function SecretText({ label, text }: { readonly label: string; readonly text: string }) {
  const [copied, setCopied] = useState(false);
  const id = useId();
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-small font-medium text-muted">{label}</label>
      <div className="flex gap-2">
        <input id={id} readOnly value={text} onFocus={(event) => event.target.select()} className="h-8 min-w-0 flex-1 rounded-control border border-line-strong bg-bg px-2.5 font-mono text-small" />
        <Button icon={copied ? <Check size={14} /> : <Copy size={14} />} onClick={() => void copy()}>{copied ? 'Copied' : 'Copy'}</Button>
      </div>
    </div>
  );
}
