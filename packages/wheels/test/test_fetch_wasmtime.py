"""The script that fetches wasmtime's library: what it refuses, without a network."""
import hashlib
import importlib.util
import io
import os
import tempfile
import unittest
import zipfile
from contextlib import redirect_stderr
from unittest import mock

SCRIPT = os.path.join(os.path.dirname(__file__), os.pardir, os.pardir, os.pardir, "wasm", "fetch_wasmtime.py")
spec = importlib.util.spec_from_file_location("fetch_wasmtime", SCRIPT)
fetch_wasmtime = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fetch_wasmtime)


class FetchWasmtime(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.wheel = os.path.join(self.folder, "w.whl")
        self.target = os.path.join(self.folder, "native", "linux-x86_64", "libwasmtime.so")
        with zipfile.ZipFile(self.wheel, "w") as archive:
            archive.writestr("wasmtime/linux-x86_64/_libwasmtime.so", b"library")
            archive.writestr("wasmtime-1.dist-info/licenses/LICENSE", b"licence")

    def unpack(self, content):
        return fetch_wasmtime.unpack(self.wheel, "wasmtime/linux-x86_64/_libwasmtime.so", self.target, hashlib.sha256(content).hexdigest())

    def test_the_library_appears_with_its_licence(self):
        self.assertTrue(self.unpack(b"library"))
        with open(self.target, "rb") as file:
            self.assertEqual(file.read(), b"library")
        self.assertEqual(sorted(os.listdir(os.path.dirname(self.target))), ["libwasmtime.so", "wasmtime-LICENSE"])

    def test_another_library_than_the_lock_names_does_not_appear(self):
        self.assertFalse(self.unpack(b"another"))
        self.assertEqual(os.listdir(os.path.dirname(self.target)), ["wasmtime-LICENSE"])

    def run_main(self, *arguments):
        said = io.StringIO()
        with mock.patch("sys.argv", ["fetch_wasmtime.py", *arguments]), redirect_stderr(said):
            return fetch_wasmtime.main(), said.getvalue()

    def test_a_platform_without_library_is_named(self):
        code, said = self.run_main("--platform", "linux-riscv64", self.folder)
        self.assertEqual(code, 3)
        self.assertIn("linux-riscv64", said)

    def test_check_fetches_nothing(self):
        code, said = self.run_main("--check", "--platform", "linux-x86_64", self.folder)
        self.assertEqual(code, 1)
        self.assertIn("missing or not the library of the lock", said)
        self.assertEqual(os.listdir(self.folder), ["w.whl"])


if __name__ == "__main__":
    unittest.main()
