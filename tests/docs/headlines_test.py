"""bench/RESULTS.md opens with the figures that its sections have, each linked to its section.

usage: headlines_test.py SOURCE_TREE
"""

import pathlib
import re
import sys

root = pathlib.Path(sys.argv.pop())
sys.path.insert(0, str(root / "bench"))
import headlines  # noqa: E402

text = (root / "bench/RESULTS.md").read_text()
assert text.index("<!-- begin headlines -->") < text.index("\n## "), "the headlines stand before all sections"
assert headlines.with_headlines(text) == text, "the headlines are others than the sections': run bench/headlines.py"
changed = text.replace("| written | 196 | 209 | 1.065 |", "| written | 196 | 392 | 2.000 |")
assert changed != text and headlines.with_headlines(changed) != changed, "a changed section changes its headline"
anchors = {headlines.anchor(title) for title in re.findall(r"^##+ (.*)$", text, re.M)}
links = re.findall(r"\]\(#(.*?)\)", "\n".join(headlines.headline_table(text)))
assert len(links) == len(headlines.HEADLINES) and set(links) <= anchors, f"links that lead nowhere: {set(links) - anchors}"
assert headlines.with_headlines("no place for them\n") == "no place for them\n"
