import hashlib
import lzma
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from pack import PackError, files_of, imports, pack, sections

BUILT = HERE.parent / "built"


class Packing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.base = lzma.decompress((BUILT / "python.wasm.xz").read_bytes())

    def imported(self, module):
        return [name for name, _, _ in imports(next(body for number, body in sections(module) if number == 2))]

    def test_the_base_is_the_one_of_the_digest_and_small(self):
        self.assertEqual(hashlib.sha256(self.base).hexdigest(), (BUILT / "SHA256SUMS").read_text().split()[0])
        self.assertLess(len(self.base), 8_500_000)

    def test_files_come_out_as_they_went_in(self):
        files = [("game.py", "x = 'é'\n".encode()), ("rules/dice.py", b""), ("rules/cards.py", b"y = 1")]
        self.assertEqual(files_of(pack(self.base, files)), files)
        self.assertEqual(files_of(self.base), [])

    def test_imports_without_a_word_in_the_source_are_left_out(self):
        small, large = pack(self.base, [("a.py", b"")]), pack(self.base, [("a.py", b"# procedure")])
        self.assertEqual(len(self.imported(large)), 26)
        self.assertNotIn("procedure_start_mut_tx", self.imported(small))
        self.assertNotIn("datastore_clear", self.imported(small))
        self.assertIn("datastore_insert_bsatn", self.imported(small))

    def test_the_largest_source_fits_and_one_byte_more_does_not(self):
        room = (1 << 20) - 4 - (2 + 4 + 4)
        self.assertEqual(len(files_of(pack(self.base, [("a.py", b" " * room)]))[0][1]), room)
        with self.assertRaisesRegex(PackError, "there is room for 1048572"):
            pack(self.base, [("a.py", b" " * (room + 1))])

    def test_what_is_no_base_or_no_name_is_refused(self):
        with self.assertRaisesRegex(PackError, "no room for Python source"):
            pack(b"\0asm\1\0\0\0", [("a.py", b"")])
        for name in ["a.txt", "../a.py", "a b.py", "/a.py", "1.py"]:
            with self.assertRaisesRegex(PackError, "no name of a Python module"):
                pack(self.base, [(name, b"")])


if __name__ == "__main__":
    unittest.main()
