// Sets the theme before the first paint; src/platform/theme.ts takes over.
(() => {
  const choice = localStorage.getItem('cloche.theme');
  const dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
