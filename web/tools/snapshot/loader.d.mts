export const BOOT_PARTS: readonly string[];
/** Answers the folder of the translated modules. */
export function compileLoader(folder: string, parts?: readonly string[]): Promise<string>;
