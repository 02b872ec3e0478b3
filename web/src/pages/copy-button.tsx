import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { tellFailure } from '@/platform/notifications';
import { Button } from '@/ui/button';

/** Copies a text to the clipboard, and says that it did. */
export function CopyButton({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch (error) {
      tellFailure('Could not copy', error);
    }
  };
  return <Button small icon={copied ? <Check size={13} /> : <Copy size={13} />} onClick={() => void copy()}>{copied ? 'Copied' : label}</Button>;
}
