"""house.py sees each kind of disorder."""

import pathlib
import tempfile
import unittest

import house

SOUND = {
    "lib/include/dflare/a.hpp": "namespace dflare {\nstruct A {\n  int x;\n};\n}\n",
    "lib/upper/u.hpp": '#include "lower/l.hpp"\nnamespace dflare {\nclass U {\n};\n}\n',
    "lib/lower/l.hpp": "namespace dflare {\nclass L {\n  struct U {};\n};\nnamespace inner {\nstruct U {\n};\n}\n}\n",
    "lib/lower/l.cpp": '#include "lower/l.hpp"\nnamespace dflare {\nnamespace {\nstruct U {\n};\n}\n}\n',
    "gtest_plugin/src/g.cpp": '#include "upper/u.hpp"\n',
}


class House(unittest.TestCase):
    def mistakes(self, changes, known_namesakes=frozenset()):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in {**SOUND, **changes}.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            return list(house.mistakes(root, known_namesakes))

    def test_order_is_passed(self):
        self.assertEqual(self.mistakes({}), [])

    def test_a_ring_of_folders(self):
        found = self.mistakes({"lib/lower/back.cpp": '#include "upper/u.hpp"\n'})
        self.assertEqual(len(found), 2)
        self.assertIn("lib/lower and lib/upper include one another in a ring: lib/lower/back.cpp", found)

    def test_a_folder_of_too_many_sources(self):
        found = self.mistakes({f"lib/lower/{i}.cpp": "" for i in range(15)})
        self.assertEqual(len(found), 1)
        self.assertIn("lib/lower has 16 sources", found[0])

    def test_a_public_header_that_is_too_long(self):
        for part in "lib", "gtest_plugin", "repair":
            found = self.mistakes({f"{part}/include/dflare/b.hpp": "\n" * 201})
            self.assertEqual(len(found), 1)
            self.assertIn(f"{part}/include/dflare/b.hpp has 201 lines", found[0])

    def test_two_types_of_one_name(self):
        found = self.mistakes({"repair/src/r.hpp": "namespace dflare {\nstruct A {\n};\n}\n"})
        self.assertEqual(len(found), 1)
        self.assertIn("dflare::A is declared in lib/include/dflare/a.hpp and in repair/src/r.hpp", found[0])

    def test_two_files_of_one_name(self):
        found = self.mistakes({"repair/src/l.hpp": ""})
        self.assertEqual(len(found), 1)
        self.assertIn("lib/lower/l.hpp and repair/src/l.hpp have one name", found[0])
        self.assertEqual(self.mistakes({"repair/src/l.hpp": ""}, {"l.hpp"}), [])
        self.assertEqual(self.mistakes({"repair/src/main.cpp": "", "tools/a/main.cpp": ""}), [])

    def test_a_name_that_is_no_longer_that_of_several(self):
        found = self.mistakes({}, {"l.hpp"})
        self.assertEqual(len(found), 1)
        self.assertIn("l.hpp is one file's name by now: take it from NAMESAKES", found[0])

    def test_a_line_of_prose_that_is_too_wide(self):
        words = "word " * 24
        for name in "README.md", "docs/deep/d.md", "bench/b.md", "tests/t.md", "examples/e.md":
            for start in "", "- ", "  ", "1. ":
                found = self.mistakes({name: f"# A\n\n```\ncode\n```\n{start}{words}and\n"})
                self.assertEqual(len(found), 1)
                self.assertIn(f"{name}:6 has {len(start) + 123} columns, at most 120 are a line of prose's", found[0])
        after = self.mistakes({"docs/d.md": f"<!-- begin x -->\n{words}and\n<!-- end x -->\n{words}and\n"})
        self.assertEqual(len(after), 1)
        self.assertIn("docs/d.md:4 has 123 columns", after[0])

    def test_what_may_be_wide_in_a_document(self):
        words, word = "word " * 40, "w" * 150
        for text in (
                words[:119] + "s", f"```sh\n{words}\n```", f"- a:\n\n  ````\n  ```\n  {words}\n  ````", f"~~~\n{words}\n~~~",
                f"| {words} |\n| --- |\n| {words} |", f"<!-- begin x -->\n{words}\n<!-- end x -->",
                word, f"- {word}", f"  {word}", f"(`{words}`),", f"[link](docs/{word}.md)."):
            self.assertEqual(self.mistakes({"docs/d.md": text + "\n"}), [], text)
        self.assertEqual(self.mistakes({"build/dependency/README.md": words, "docs/notes.txt": words}), [])


if __name__ == "__main__":
    unittest.main()
