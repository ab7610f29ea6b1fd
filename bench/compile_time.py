#!/usr/bin/env python3
"""Measures how long a test file that includes dflare/gtest.hpp compiles, beside one of GoogleTest alone and one that includes LibTorch's headers.

usage: compile_time.py [--repeats 5] [--compiler c++] [--json build/bench/compile_time.json]

The files are compiled in turn, without ccache, one at a time. The first is that of examples/quickstart.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDES = [ROOT / "lib/include", ROOT / "gtest_plugin/include", ROOT / "examples/quickstart"]
TEST = "TEST(Some, Thing) { EXPECT_EQ(1 + 1, 2); }\n"


def sources():
    return {
        "dflare/gtest.hpp (examples/quickstart/digits_test.cpp)": (ROOT / "examples/quickstart/digits_test.cpp").read_text(),
        "gtest/gtest.h alone": "#include <gtest/gtest.h>\n" + TEST,
        "torch/script.h and gtest/gtest.h": "#include <gtest/gtest.h>\n#include <torch/script.h>\n" + TEST,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--compiler", default="c++")
    parser.add_argument("--json", default=str(ROOT / "build/bench/compile_time.json"))
    arguments = parser.parse_args()
    flags = ["-std=c++17", "-O2", "-c", "-isystem", "/usr/include/opencv4"] + [f"-I{folder}" for folder in INCLUDES]
    seconds = {name: [] for name in sources()}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(arguments.repeats):
            for name, text in sources().items():
                file = pathlib.Path(folder) / "test.cpp"
                file.write_text(text)
                begin = time.monotonic()
                subprocess.run([arguments.compiler, *flags, str(file), "-o", str(file.with_suffix(".o"))], check=True)
                seconds[name].append(time.monotonic() - begin)
    version = subprocess.run([arguments.compiler, "--version"], check=True, capture_output=True, text=True).stdout.splitlines()[0]
    result = {"bench": "compile_time", "compiler": version, "flags": "-std=c++17 -O2", "cores": os.cpu_count(),
              "rows": [{"file": name, "seconds": statistics.median(each), "seconds_each": each} for name, each in seconds.items()]}
    path = pathlib.Path(arguments.json)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1) + "\n")
    for row in result["rows"]:
        print(f"{row['seconds']:6.2f} s  {row['file']}")


if __name__ == "__main__":
    main()
