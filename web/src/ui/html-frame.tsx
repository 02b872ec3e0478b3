import { useEffect, useRef } from 'react';
import { trustPolicy } from '@/base/trusted-types';

interface HtmlFrameProps {
  readonly title: string;
  readonly html: string;
  readonly className?: string;
}

/** Whatever the text holds, its frame runs no script and has an origin of its own. */
const policy = trustPolicy('cloche-frame', { createHTML: (html: string) => html });

/** Shows HTML of users. */
export function HtmlFrame({ title, html, className }: HtmlFrameProps) {
  const ref = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    if (ref.current !== null) ref.current.srcdoc = policy.createHTML(html);
  }, [html]);
  return <iframe ref={ref} title={title} sandbox="" className={className} />;
}
