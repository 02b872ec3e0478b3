/**
 * Makes a restored interpreter a session of its own: a snapshot carries the random numbers, the clock's zone and the
 * environment of the build, and every session would share them.
 */
import type { PyodideAPI } from 'pyodide';
import type { EmscriptenModule } from './emscripten';

/**
 * The secret of string hashes stays the build's: strings in memory carry their hashes. `os.urandom`, `secrets`,
 * `uuid4` and `numpy.random.default_rng` ask the browser each time and need nothing.
 */
const REFRESH = `
import importlib, os, sys, time

loaded = sys.modules.get
if loaded("random"):
    loaded("random").seed()
if loaded("tempfile"):
    loaded("tempfile")._name_sequence = None
if loaded("uuid"):
    loaded("uuid")._node = loaded("uuid")._last_timestamp = None
if loaded("numpy.random"):
    loaded("numpy.random").seed()
if loaded("multiprocessing.process"):
    process = loaded("multiprocessing.process")
    process.current_process().authkey = os.urandom(32)

# As CPython does it when time is first imported.
half_year = (365 * 24 + 6) * 1800
january = time.localtime(int(time.time()) // (2 * half_year) * 2 * half_year)
july = time.localtime(int(time.time()) // (2 * half_year) * 2 * half_year + half_year)
standard, summer = (january, july) if january.tm_gmtoff <= july.tm_gmtoff else (july, january)
time.timezone, time.altzone = -standard.tm_gmtoff, -summer.tm_gmtoff
time.daylight = int(time.timezone != time.altzone)
time.tzname = (standard.tm_zone, summer.tm_zone)

os.environ.pop("PYTHONHASHSEED", None)
os.environ.update(environment)
importlib.invalidate_caches()
`;

export function refreshSession(
  pyodide: PyodideAPI,
  module: EmscriptenModule,
  environment: Readonly<Record<string, string>>,
): void {
  refreshTimeZone(module);
  const scope = pyodide.toPy({ environment }) as { destroy(): void };
  try {
    pyodide.runPython(REFRESH, { globals: scope as never });
  } finally {
    scope.destroy();
  }
}

/** libc reads the zone once and keeps it in memory; this reads it again, into the same buffers. */
function refreshTimeZone(module: EmscriptenModule): void {
  const names = module.___tzname >>> 2;
  const standard = module.HEAPU32[names] ?? 0;
  const summer = module.HEAPU32[names + 1] ?? 0;
  if (standard !== 0 && summer !== 0) {
    module.__tzset_js(module._timezone, module._daylight, standard, summer);
  }
}
