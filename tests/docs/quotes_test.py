#!/usr/bin/env python3
"""The code that docs/extending.md, docs/process.md and docs/server.md show is that of the examples, which other tests build and run.

usage: quotes_test.py SOURCE_TREE
"""

import pathlib
import re
import sys


def main(source):
    page = (source / "docs" / "extending.md").read_text()
    blocks = re.findall(r"^```cpp\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    if len(blocks) < 4:
        sys.exit(f"docs/extending.md: {len(blocks)} blocks of C++; expected one for each kind of extension")
    examples = [file.read_text() for kind in ("cpp", "hpp") for file in source.glob(f"examples/*/*.{kind}")]
    served = (source / "examples" / "serve_model" / "onnxruntime_model.py").read_text()
    python = re.findall(r"^```python\n(.*?)^```$", (source / "docs" / "process.md").read_text(), re.MULTILINE | re.DOTALL)
    if len(python) != 1 or python[0] not in served:
        sys.exit("docs/process.md shows something else than examples/serve_model/onnxruntime_model.py; copy it from there again")
    for block in blocks:
        if not any("\n" + block in example for example in examples):
            sys.exit(f"docs/extending.md shows what is in no example, line by line; copy it from there again:\n{block}")
    served = (source / "docs" / "server.md").read_text()
    for kind, file in (("python", "mlserver_model.py"), ("json", "model-settings.json")):
        (block,) = re.findall(rf"^```{kind}\n(.*?)^```$", served, re.MULTILINE | re.DOTALL)
        if block not in (source / "examples" / "serve_model" / file).read_text():
            sys.exit(f"docs/server.md shows what is not in examples/serve_model/{file}; copy it from there again:\n{block}")
    for link in re.findall(r"\]\(([^)#:]+)\)", page):
        if not (source / "docs" / link).exists():
            sys.exit(f"docs/extending.md links to docs/{link}, which is not there")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))
