"""Calls pip as a process, for wheels that are not for this machine but for the tab."""
import os
import subprocess
import sys
import tempfile

# Only what says where packages come from and how to get there reaches pip: a machine's other settings (its own wheel
# folder, a default platform, constraints) are about that machine and would change what is fetched.
KEPT = {"PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_PROXY", "PIP_CERT", "PIP_CLIENT_CERT", "PIP_TRUSTED_HOST",
        "PIP_TIMEOUT", "PIP_DEFAULT_TIMEOUT", "PIP_RETRIES", "PIP_CONFIG_FILE", "PIP_CACHE_DIR", "PIP_KEYRING_PROVIDER"}

NO_PIP = """This Python has no pip and cannot make an environment that has it. On Debian and Ubuntu one package helps:
    apt-get install python3-venv"""


class PipMissing(Exception):
    """No pip can be had; the message says what to install."""


class Pip:
    """pip of this interpreter, or of a throw-away environment when the interpreter has none (as on a bare Debian)."""

    def __init__(self) -> None:
        self._environment = {k: v for k, v in os.environ.items() if not k.startswith("PIP_") or k in KEPT}
        self._environment |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
        self._folder: tempfile.TemporaryDirectory | None = None
        self._command = self._find()

    def __enter__(self) -> "Pip":
        return self

    def __exit__(self, *_: object) -> None:
        if self._folder:
            self._folder.cleanup()

    def _find(self) -> list[str]:
        own = [sys.executable, "-m", "pip"]
        if self._answers(own):
            return own
        self._folder = tempfile.TemporaryDirectory(prefix="cloche-pip-")
        made = subprocess.run([sys.executable, "-m", "venv", self._folder.name], capture_output=True, check=False)
        inside = [os.path.join(self._folder.name, "bin", "python"), "-m", "pip"]
        if made.returncode == 0 and self._answers(inside):
            return inside
        self._folder.cleanup()
        raise PipMissing(NO_PIP)

    def _answers(self, command: list[str]) -> bool:
        try:
            return subprocess.run([*command, "--version"], capture_output=True, env=self._environment,
                                  check=False).returncode == 0
        except OSError:
            return False

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Runs pip with these arguments and, on top of what it gets anyway, this environment."""
        return subprocess.run([*self._command, *arguments], capture_output=True, text=True,
                              env=self._environment | environment, check=False)

    def download(self, target: dict, folder: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Downloads wheels for the target (keys python, implementation, abis, platforms); nothing is built or run."""
        options = ["--python-version", target["python"], "--implementation", target["implementation"]]
        for platform in target["platforms"]:
            options += ["--platform", platform]
        for abi in target["abis"]:
            options += ["--abi", abi]
        return self.run("download", "--no-deps", "--only-binary=:all:", "--progress-bar=off", "--dest", folder, *options,
                        *arguments)


UNREACHABLE = "the package index of this machine cannot be reached"


def last_error(answer: subprocess.CompletedProcess[str]) -> str:
    """Returns what went wrong, in our words where pip's own would lead astray."""
    output = answer.stderr
    if "DO NOT MATCH THE HASHES" in output:
        return "the package index gave a file with another digest than the lock has"
    if "connection broken" in output or "Connection to" in output or "Temporary failure in name resolution" in output:
        return UNREACHABLE
    lines = [line for line in output.splitlines() if line.startswith("ERROR")] or output.splitlines()
    return lines[-1].removeprefix("ERROR: ") if lines else f"pip ended with {answer.returncode} and said nothing"
