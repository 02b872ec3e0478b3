/** Whether an entry of Python can go to the engine as it is: brackets and strings closed, a block ended by an empty line. */
export function isCompleteEntry(text: string): boolean {
  const { depth, isOpenString, isContinued, isBlock } = scan(text);
  if (depth > 0 || isOpenString || isContinued) return false;
  return !isBlock || /\n[ \t]*$/.test(text);
}

/** The spaces that the line after `text` begins with. */
export function indentAfter(text: string): string {
  const line = text.slice(text.lastIndexOf('\n') + 1);
  const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
  if (/:\s*(#.*)?$/.test(line)) return `${indent}    `;
  return /^\s*(return|pass|break|continue|raise)\b/.test(line) ? indent.slice(4) : indent;
}

interface Scan {
  depth: number;
  isOpenString: boolean;
  isContinued: boolean;
  /** A statement with a block, or a decorator: more lines may follow. */
  isBlock: boolean;
}

function scan(text: string): Scan {
  let depth = 0;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (quote !== '') {
      if (character === '\\') at++;
      else if (text.startsWith(quote, at)) {
        at += quote.length - 1;
        quote = '';
      } else if (character === '\n' && quote.length === 1) quote = '';
    } else if (character === '#') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end - 1;
    } else if (character === '"' || character === "'") {
      quote = text.startsWith(character.repeat(3), at) ? character.repeat(3) : character;
      at += quote.length - 1;
    } else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
  }
  const first = text.split('\n').find((line) => line.trim() !== '') ?? '';
  const isCompound = /^\s*(@|(async\s+)?(def|for|with)\b|class\b|if\b|while\b|try\b|match\b.*:\s*$)/.test(first) && (text.includes('\n') || /:\s*(#.*)?$/.test(first) || first.trimStart().startsWith('@'));
  return { depth, isOpenString: quote.length === 3, isContinued: text.endsWith('\\'), isBlock: isCompound };
}
