/** The words of a command line: separated by spaces, with quotes and backslashes as a shell has them. */
export function splitArguments(line: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (quote !== null && char === quote) quote = null;
    else if (char === '\\' && quote !== "'" && at + 1 < line.length) word = (word ?? '') + line.charAt(++at);
    else if (quote !== null) word = (word ?? '') + char;
    else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + char;
  }
  if (word !== null) words.push(word);
  return words;
}

/** What is wrong with a line of arguments, in words; null if it is good. */
export function argumentsProblem(line: string): string | null {
  if (line.length > 2000) return 'At most 2,000 characters.';
  const quotes = line.replace(/\\[^]/g, '').replace(/'[^']*'|"[^"]*"/g, '');
  return /['"]/.test(quotes) ? 'A quote is not closed.' : null;
}
