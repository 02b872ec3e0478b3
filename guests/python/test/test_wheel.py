import hashlib
import json
import pathlib
import sys
import tempfile
import unittest
import zipfile

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from make_wheel import put, wheel


class Shelf(unittest.TestCase):
    def test_the_wheel_replaces_an_older_one_and_stands_in_the_lock_with_its_digest(self):
        with tempfile.TemporaryDirectory() as folder:
            shelf = pathlib.Path(folder)
            other = {"name": "numpy", "file": "numpy-1-py3-none-any.whl"}
            old = {"name": "cloche", "file": "cloche-0.0.1-py3-none-any.whl"}
            (shelf / "shelf.lock.json").write_text(json.dumps({"format": 1, "wheels": [other, old]}))
            (shelf / old["file"]).write_bytes(b"")
            name = put(shelf)
            self.assertEqual(put(shelf), name)
            own, kept = json.loads((shelf / "shelf.lock.json").read_text())["wheels"]
            self.assertEqual((kept, own["name"], own["file"], own["origin"]), (other, "cloche", name, "own"))
            self.assertEqual(own["sha256"], hashlib.sha256((shelf / name).read_bytes()).hexdigest())
            self.assertEqual([path.name for path in shelf.glob("*.whl")], [name])
            self.assertEqual([path.name for path in shelf.glob(".partial-*")], [])

    def test_the_same_sources_give_the_same_bytes_without_what_only_modules_have(self):
        self.assertEqual(wheel(), wheel())
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / wheel()[0]
            path.write_bytes(wheel()[1])
            names = zipfile.ZipFile(path).namelist()
        self.assertIn("cloche/testing.py", names)
        self.assertIn("cloche/py.typed", names)
        self.assertNotIn("cloche/guest.py", names)


if __name__ == "__main__":
    unittest.main()
