"""The wheels in built/: whole, as their RECORD and the lock say, and with the licences of everything inside."""
import base64
import email.parser
import hashlib
import json
import os
import tomllib
import unittest
import zipfile

WHEELS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILT = os.path.join(WHEELS, "built")


def built() -> list[str]:
    return sorted(name for name in os.listdir(BUILT) if name.endswith(".whl"))


def content(name: str) -> bytes:
    with open(os.path.join(BUILT, name), "rb") as file:
        return file.read()


class Built(unittest.TestCase):
    def test_digests_are_those_of_the_list_and_of_the_lock(self) -> None:
        actual = {name: hashlib.sha256(content(name)).hexdigest() for name in built()}
        with open(os.path.join(BUILT, "SHA256SUMS")) as file:
            listed = {line.split()[1]: line.split()[0] for line in file}
        with open(os.path.join(WHEELS, "shelf.lock.json")) as file:
            locked = {w["file"]: w["sha256"] for w in json.load(file)["wheels"] if w["origin"] == "built"}

        self.assertEqual(actual, listed)
        self.assertEqual(actual, locked)

    def test_every_file_is_in_the_record_with_its_digest(self) -> None:
        for name in built():
            with self.subTest(name), zipfile.ZipFile(os.path.join(BUILT, name)) as wheel:
                record = next(n for n in wheel.namelist() if n.endswith(".dist-info/RECORD"))
                rows = [line.rsplit(",", 2) for line in wheel.read(record).decode().splitlines()]
                recorded = {path: (digest, size) for path, digest, size in rows if path != record}
                actual = {}
                for path in wheel.namelist():
                    if path != record:
                        digest = base64.urlsafe_b64encode(hashlib.sha256(wheel.read(path)).digest()).rstrip(b"=")
                        actual[path] = (f"sha256={digest.decode()}", str(wheel.getinfo(path).file_size))
                self.assertEqual(actual, recorded)

    def test_name_version_and_tag_agree_with_the_file_name(self) -> None:
        for name in built():
            with self.subTest(name), zipfile.ZipFile(os.path.join(BUILT, name)) as wheel:
                stem = "-".join(name.split("-")[:2])
                metadata = email.parser.Parser().parsestr(wheel.read(f"{stem}.dist-info/METADATA").decode())
                self.assertEqual(stem, f"{metadata['Name'].lower()}-{metadata['Version']}")
                self.assertIn("Tag: cp314-cp314-pyemscripten_2026_0_wasm32",
                              wheel.read(f"{stem}.dist-info/WHEEL").decode())
                for path in metadata.get_all("License-File", []):
                    self.assertIn(f"{stem}.dist-info/licenses/{path}", wheel.namelist())

    def test_the_licences_of_what_is_linked_in_are_inside(self) -> None:
        with open(os.path.join(WHEELS, "build", "packages.toml"), "rb") as file:
            packages = tomllib.load(file)
        for name in built():
            stem, package = "-".join(name.split("-")[:2]), packages[name.split("-")[0]]
            with self.subTest(name), zipfile.ZipFile(os.path.join(BUILT, name)) as wheel:
                licences = [n for n in wheel.namelist() if n.startswith(f"{stem}.dist-info/licenses/")]
                self.assertTrue(licences)
                for text in package.get("bundled", []):
                    with open(os.path.join(WHEELS, "build", "licences", text), "rb") as file:
                        self.assertEqual(file.read(), wheel.read(f"{stem}.dist-info/licenses/bundled/{text}"))

    def test_entries_are_sorted_and_have_one_time(self) -> None:
        for name in built():
            with self.subTest(name), zipfile.ZipFile(os.path.join(BUILT, name)) as wheel:
                paths = [n for n in wheel.namelist() if not n.endswith("/RECORD")]
                self.assertEqual(sorted(paths), paths)
                self.assertEqual({(2026, 1, 1, 0, 0, 0)}, {entry.date_time for entry in wheel.infolist()})


if __name__ == "__main__":
    unittest.main()
