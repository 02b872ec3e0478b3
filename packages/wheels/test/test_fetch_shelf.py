"""fetch_shelf.py against a package index on the loopback address, with the machine's own pip."""
import functools
import hashlib
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
import zipfile

WHEELS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TARGET = {"python": "3.14", "implementation": "cp", "abis": ["cp314", "abi3", "none"],
          "platforms": ["pyemscripten_2026_0_wasm32"]}


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


class FetchShelf(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = os.path.join(folder.name, "wheels")
        self.index = os.path.join(folder.name, "index")
        self.dest = os.path.join(folder.name, "shelf")
        os.makedirs(os.path.join(self.home, "built"))
        for name in ("fetch_shelf.py", "pipclient.py"):
            shutil.copy(os.path.join(WHEELS, name), self.home)
        self.lock: list[dict] = []
        self.published = self.add("tea", "py3-none-any", "pypi")
        self.native = self.add("milk", "cp314-cp314-pyemscripten_2026_0_wasm32", "pypi")
        self.own = self.add("sugar", "cp314-cp314-pyemscripten_2026_0_wasm32", "built")
        handler = functools.partial(Quiet, directory=self.index)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.stop)

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def add(self, name: str, tag: str, origin: str) -> str:
        """Makes a wheel where it comes from and names it in the lock; returns its file name."""
        file = f"{name}-1.0-{tag}.whl"
        folder = os.path.join(self.home, "built") if origin == "built" else os.path.join(self.index, name)
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, file)
        with zipfile.ZipFile(path, "w") as wheel:
            wheel.writestr(f"{name}.py", "answer = 42\n")
            wheel.writestr(f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
            wheel.writestr(f"{name}-1.0.dist-info/WHEEL", f"Wheel-Version: 1.0\nTag: {tag}\n")
        with open(path, "rb") as content:
            sha256 = hashlib.sha256(content.read()).hexdigest()
        if origin == "pypi":
            with open(os.path.join(folder, "index.html"), "w") as page:
                page.write(f'<a href="{file}">{file}</a>')
        self.lock.append({"name": name, "version": "1.0", "file": file, "sha256": sha256, "origin": origin,
                          "size": os.path.getsize(path)})
        return file

    def fetch(self, *options: str) -> subprocess.CompletedProcess[str]:
        with open(os.path.join(self.home, "shelf.lock.json"), "w") as file:
            json.dump({"format": 1, "target": TARGET, "wheels": self.lock}, file)
        environment = os.environ | {
            "PIP_INDEX_URL": f"http://127.0.0.1:{self.server.server_port}", "PIP_RETRIES": "0",
            "PIP_FIND_LINKS": "/nonexistent-folder", "PIP_NO_CACHE_DIR": "1", "PIP_ONLY_BINARY": ":none:"}
        return subprocess.run([sys.executable, os.path.join(self.home, "fetch_shelf.py"), *options, self.dest],
                              capture_output=True, text=True, env=environment, check=False)

    def on_shelf(self) -> list[str]:
        return sorted(os.listdir(self.dest))

    def test_a_fresh_machine_gets_every_wheel_and_a_second_run_fetches_nothing(self) -> None:
        first, second = self.fetch(), self.fetch()

        self.assertEqual((0, 0), (first.returncode, second.returncode), first.stderr + second.stderr)
        self.assertEqual(sorted([self.published, self.native, self.own]), self.on_shelf())
        self.assertIn("0 of them new", second.stdout)
        self.assertEqual(0, self.fetch("--check").returncode)

    def test_a_damaged_wheel_is_fetched_again_and_a_foreign_one_goes(self) -> None:
        self.fetch()
        with open(os.path.join(self.dest, self.native), "ab") as file:
            file.write(b"x")
        open(os.path.join(self.dest, "old-1.0-py3-none-any.whl"), "w").close()
        os.mkdir(os.path.join(self.dest, ".partial-left"))
        self.assertEqual(1, self.fetch("--check").returncode)

        answer = self.fetch()

        self.assertEqual(0, answer.returncode, answer.stderr)
        self.assertEqual(sorted([self.published, self.native, self.own]), self.on_shelf())

    def test_a_wheel_with_another_digest_never_gets_in_and_the_others_do(self) -> None:
        with open(os.path.join(self.index, "tea", self.published), "ab") as file:
            file.write(b"swapped")

        answer = self.fetch()

        self.assertEqual(1, answer.returncode)
        self.assertIn("another digest", answer.stderr)
        self.assertIn(self.published, answer.stderr)
        self.assertEqual(sorted([self.native, self.own]), self.on_shelf())

    def test_a_swapped_wheel_of_ours_is_refused_with_the_command_that_helps(self) -> None:
        with open(os.path.join(self.home, "built", self.own), "ab") as file:
            file.write(b"swapped")

        answer = self.fetch()

        self.assertEqual(1, answer.returncode)
        self.assertIn("git checkout -- packages/wheels/built", answer.stderr)
        self.assertEqual(sorted([self.published, self.native]), self.on_shelf())

    def test_without_the_index_our_wheels_come_and_the_rest_is_named(self) -> None:
        shutil.rmtree(self.index)

        answer = self.fetch()

        self.assertEqual(1, answer.returncode)
        self.assertIn("2 of 3 wheels are missing", answer.stderr)
        self.assertEqual([self.own], self.on_shelf())


if __name__ == "__main__":
    unittest.main()
