import boundaries from 'eslint-plugin-boundaries';
import reactHooks from 'eslint-plugin-react-hooks';
import { fileURLToPath } from 'node:url';
import tseslint from 'typescript-eslint';

const resolver = fileURLToPath(new URL('./tools/lint/resolver.cjs', import.meta.url));

/** What each layer may import, besides itself. `compose` are the parts lists, which name features. */
const layers = {
  base: [],
  protocol: ['base'],
  platform: ['base', 'protocol'],
  ui: ['base', 'protocol'],
  editor: ['base', 'protocol', 'platform', 'ui'],
  terminal: ['base', 'protocol', 'platform', 'ui'],
  workbench: ['base', 'protocol', 'platform', 'ui'],
  feature: ['base', 'protocol', 'platform', 'ui', 'editor', 'terminal', 'workbench'],
  page: ['base', 'protocol', 'platform', 'ui'],
  compose: ['base', 'protocol', 'platform', 'ui', 'editor', 'terminal', 'workbench', 'feature', 'page'],
  host: ['base', 'protocol'],
};

const elements = [
  { type: 'compose', pattern: 'src/ide' },
  { type: 'feature', pattern: 'src/features/*', capture: ['name'] },
  { type: 'page', pattern: 'src/pages' },
  ...['base', 'protocol', 'platform', 'ui', 'editor', 'terminal', 'workbench', 'host'].map((type) => ({ type, pattern: `src/${type}` })),
];

const policies = Object.entries(layers).map(([type, allowed]) => ({
  from: { element: { type } },
  allow: { to: { element: { types: { anyOf: type === 'feature' ? allowed : [type, ...allowed] } } } },
}));
// a feature may import itself, not another one: they meet by commands and service tokens
policies.push({ from: { element: { type: 'feature' } }, allow: { to: { element: { type: 'feature', captured: { name: '{{from.element.captured.name}}' } } } } });

// the parts list of the IDE lies in the workbench's folder and names all features
const composition = [{ category: 'composition', pattern: 'src/workbench/(open-workspace|workspace-page).ts*' }];
policies.push({ from: { file: { categories: 'composition' } }, allow: { to: { element: { types: { anyOf: ['workbench', ...layers.compose] } } } } });

/** Big libraries have one owner each. */
const owners = [
  { names: ['monaco-editor', 'monaco-vim', 'browser-basedpyright', '@astral-sh/ruff-wasm-web'], owner: 'src/editor' },
  { names: ['@xterm'], owner: 'src/terminal' },
  { names: ['dockview-react', 'cmdk'], owner: 'src/workbench' },
  { names: ['pyodide', '@extism/extism', '@extism/as-pdk', 'assemblyscript'], owner: 'src/host' },
];

const restricted = (folder) =>
  owners
    .filter(({ owner }) => owner !== folder)
    .flatMap(({ names, owner }) => names.map((name) => ({ regex: `^${name}(/|$)`, message: `Only ${owner} imports ${name}.` })));

/** Rules that oxlint runs; known here so that comments that allow an exception are understood. */
const checkedByOxlint = (names) => ({ rules: Object.fromEntries(names.map((name) => [name, { create: () => ({}) }])) });

export default tseslint.config(
  { ignores: ['dist', 'node_modules', '**/*.gen.ts', 'tools', 'pages', 'public'] },
  {
    files: ['src/**/*.{ts,tsx}', 'test/**/*.ts'],
    extends: [tseslint.configs.recommended],
    plugins: { boundaries, 'react-hooks': reactHooks, react: checkedByOxlint(['no-array-index-key']), 'jsx-a11y': checkedByOxlint(['no-noninteractive-element-interactions', 'click-events-have-key-events', 'no-noninteractive-tabindex']) },
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    settings: {
      'boundaries/elements': elements,
      'boundaries/files': composition,
      'boundaries/root-path': fileURLToPath(new URL('.', import.meta.url)),
      'import/resolver': { [resolver]: {} },
    },
    rules: {
      'boundaries/dependencies': ['error', { default: 'disallow', policies }],
      ...reactHooks.configs.recommended.rules,
      // the compiler is not used, and object URLs and virtual lists are what effects are for
      'react-hooks/incompatible-library': 'off',
      'react-hooks/set-state-in-effect': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-eval': 'error',
      'no-new-func': 'error',
      'no-control-regex': 'off',
      'no-restricted-syntax': [
        'error',
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'Text is never HTML here.' },
        { selector: "CallExpression[callee.property.name='postMessage'] > Literal[value='*']", message: 'Name the origin of the receiver.' },
      ],
      'max-lines': ['error', 500],
    },
  },
  ...['base', 'platform', 'ui', 'editor', 'terminal', 'workbench', 'features', 'pages', 'ide', 'host', 'protocol'].map((name) => ({
    files: [`src/${name}/**/*.{ts,tsx}`],
    rules: { 'no-restricted-imports': ['error', { patterns: restricted(`src/${name}`) }] },
  })),
  {
    files: ['src/base/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-globals': ['error', 'window', 'document', 'localStorage', 'navigator'] },
  },
  // these pages announce themselves before they know their parent; the message carries no secret
  { files: ['src/host/host-page.ts', 'src/host/bridge/bridge-page.ts', 'src/host/workers/workers-page.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['**/*.test.{ts,tsx}', 'test/**'], rules: { 'boundaries/dependencies': 'off', '@typescript-eslint/no-non-null-assertion': 'off' } },
);
