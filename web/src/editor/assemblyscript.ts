import * as monaco from 'monaco-editor';

/** AssemblyScript looks like TypeScript, but has types of its own: the checks of the editor's TypeScript would find mistakes that are none. */
export const ASSEMBLYSCRIPT = 'assemblyscript';

/** Makes the language known, with the colours of TypeScript. */
export function registerAssemblyScript(): void {
  monaco.languages.register({ id: ASSEMBLYSCRIPT, aliases: ['AssemblyScript'] });
  monaco.languages.onLanguage(ASSEMBLYSCRIPT, () => {
    void import('monaco-editor/languages/definitions/typescript/typescript').then(({ conf, language }) => {
      monaco.languages.setLanguageConfiguration(ASSEMBLYSCRIPT, conf);
      monaco.languages.setMonarchTokensProvider(ASSEMBLYSCRIPT, language);
    });
  });
}
