export const TABS = [
  { id: 'tables', label: 'Tables' },
  { id: 'reducers', label: 'Reducers' },
  { id: 'sql', label: 'SQL' },
  { id: 'logs', label: 'Logs' },
  { id: 'clients', label: 'Clients' },
  { id: 'activity', label: 'Activity' },
  { id: 'migrations', label: 'Migrations' },
] as const;
export type TabId = (typeof TABS)[number]['id'];

export function isTab(word: unknown): word is TabId {
  return TABS.some(({ id }) => id === word);
}
