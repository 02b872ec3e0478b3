/**
 * The top-level names that a Python text imports, at any depth of indentation. Strings and comments are skipped;
 * relative imports and those inside of `if TYPE_CHECKING` count as they stand: asking for too much does no harm.
 */
export function importedNames(source: string): string[] {
  const names = new Set<string>();
  for (const line of logicalLines(source)) {
    const from = /^\s*from\s+([\w.]+)\s+import\b/.exec(line)?.[1];
    if (from !== undefined && !from.startsWith('.')) names.add(topLevel(from));
    const list = /^\s*import\s+(.+)$/.exec(line)?.[1];
    for (const part of list?.split(',') ?? []) {
      const name = /^\s*([A-Za-z_][\w.]*)(\s+as\s+\w+)?\s*$/.exec(part)?.[1];
      if (name !== undefined) names.add(topLevel(name));
    }
  }
  return [...names];
}

function topLevel(name: string): string {
  return name.split('.')[0] ?? name;
}

/** Lines without strings and comments; those in brackets or with a backslash at the end are joined, `;` parts them. */
function logicalLines(source: string): string[] {
  const bare = source
    .replace(/("""|''')(?:\\[\s\S]|(?!\1)[\s\S])*(?:\1|$)/g, '""')
    .replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, '""')
    .replace(/#.*$/gm, '')
    .replace(/\\\r?\n/g, ' ');
  return bare.split(/[\n;]/);
}

const standard = new Set(
  (
    '__future__ _thread abc argparse array ast asyncio atexit base64 bdb binascii bisect builtins bz2 calendar cmath cmd code codecs codeop collections ' +
    'colorsys compileall compression concurrent configparser contextlib contextvars copy copyreg cProfile csv ctypes curses dataclasses datetime dbm decimal difflib ' +
    'dis doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc getopt getpass gettext ' +
    'glob graphlib grp gzip hashlib heapq hmac html http imaplib importlib inspect io ipaddress itertools json keyword linecache locale logging lzma ' +
    'mailbox marshal math mimetypes mmap modulefinder multiprocessing netrc numbers operator optparse os pathlib pdb pickle pickletools pkgutil platform ' +
    'plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc queue quopri random re readline reprlib resource rlcompleter ' +
    'runpy sched secrets select selectors shelve shlex shutil signal site smtplib socket socketserver sqlite3 ssl stat statistics string stringprep struct ' +
    'subprocess symtable sys sysconfig syslog tabnanny tarfile tempfile termios test textwrap this threading time timeit tkinter token tokenize tomllib ' +
    'trace traceback tracemalloc tty turtle types typing unicodedata unittest urllib uuid venv warnings wave weakref webbrowser wsgiref xml xmlrpc ' +
    'zipapp zipfile zipimport zlib zoneinfo annotationlib string js pyodide pyodide_js micropip'
  ).split(' '),
);

/** Whether a name comes with Python itself, or with its build for the tab. */
export function isStandardModule(name: string): boolean {
  return standard.has(name) || name.startsWith('_');
}
