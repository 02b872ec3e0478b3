/** Folders, or URLs of folders, by the path prefix that they are served under; the first prefix that fits counts. */
export function serve(mounts: Readonly<Record<string, string>>): Promise<{ readonly origin: string; readonly close: () => void }>;
