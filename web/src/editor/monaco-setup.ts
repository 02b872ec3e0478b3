import * as monaco from 'monaco-editor';
import { theme } from '@/platform/theme';
import { registerAssemblyScript } from './assemblyscript';
import { applyEditorTheme } from './theme';
import { provideMonacoWorkers } from './workers';

let isReady = false;

/** Prepares Monaco once for the page: workers, theme, languages. */
export function setUpMonaco(): void {
  if (isReady) return;
  isReady = true;
  provideMonacoWorkers();
  applyEditorTheme(theme.getState().effective);
  theme.subscribe((state, before) => {
    if (state.effective !== before.effective) applyEditorTheme(state.effective);
  });
  const { typescriptDefaults, javascriptDefaults, ScriptTarget, ModuleKind, ModuleResolutionKind } = monaco.typescript;
  const options = { target: ScriptTarget.ESNext, module: ModuleKind.ESNext, moduleResolution: ModuleResolutionKind.NodeJs, allowNonTsExtensions: true, allowJs: true };
  typescriptDefaults.setCompilerOptions({ ...options, strict: true });
  javascriptDefaults.setCompilerOptions(options);
  monaco.languages.register({ id: 'toml', extensions: ['.toml'] });
  registerAssemblyScript();
  void document.fonts.load("13px 'JetBrains Mono Variable'").then(() => monaco.editor.remeasureFonts());
}
