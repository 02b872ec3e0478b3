/** The scripts of all templates by their path, with what is wrong in them. */
export function compileTemplates(): { readonly scripts: ReadonlyMap<string, string>; readonly faults: readonly string[] };
/** The scripts that lie beside their sources, by their path. */
export function presentScripts(): ReadonlyMap<string, string>;
