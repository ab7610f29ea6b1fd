#!/usr/bin/env python3
"""What docs/formats.md shows, on real files: its manifest and its C++.

usage: formats_test.py DFLARE_TEST PAGE_PROGRAM SOURCE_TREE PYTHON SCRATCH_FOLDER

PYTHON has LiteRT. PAGE_PROGRAM is formats_page_test.cpp, which the page shows. The manifest is taken from the page and run in a folder
that holds links to the files that it names. Exit status 77 (skipped) where there are no real data, or no such Python.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

from same_findings_test import findings, must_equal, outcomes

SKIPPED = 77
MODELS = {
    "mobilenet.tflite": "imagenet_tf2_mobilenet_v2_1.0_224_ptq.tflite",
    "resnet20.onnx": "cifar10_resnet20.onnx",
    "resnet20_int8.onnx": "cifar10_resnet20_int8.onnx",
}
FEW_QUERIES = 30


def must(condition, what):
    if not condition:
        sys.exit(what)


def run(folder, *command, status):
    done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True)
    must(done.returncode == status, f"{command}: exit status {done.returncode}, expected {status}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def block_of(page, language, what):
    found = [block for block in re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL) if what in block]
    must(len(found) == 1, f"docs/formats.md: {len(found)} blocks of {language} with '{what}', expected one")
    return found[0]


def prepare(folder, data, source, manifest):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "pairs.yaml").write_text(manifest)
    for name, file in MODELS.items():
        (folder / name).symlink_to(data / "models" / file)
    (folder / "photographs").symlink_to(data / "data/imagenet")
    (folder / "test_batch.bin").symlink_to(data / "data/cifar10/test_batch.bin")
    for name in ("dflare_serve.py", "litert_model.py"):
        (folder / name).symlink_to(source / "examples/serve_model" / name)


def search(runner, folder, name, *flags):
    run(folder, runner, "pairs.yaml", f"--dflare_out={name}", f"--dflare_json={name}.json", *flags, status=1)
    return {pair["name"]: pair for pair in json.loads((folder / f"{name}.json").read_text())["pairs"]}


def check_two_runtimes(pair):
    must(pair["original"]["backend"] == "OpenVINO" and pair["original"]["runtime"].startswith("OpenVINO "), pair["original"])
    must(pair["compressed"]["backend"] == "process" and pair["compressed"]["runtime"].startswith("LiteRT "), pair["compressed"])
    hashes = {pair[side]["sha256"] for side in ("original", "compressed")}
    must(len(hashes) == 2 and all(len(one) == 64 for one in hashes), "the process's hash is not that of its script and file together")
    must(pair["rate"] == 1 and pair["mean_queries"] < FEW_QUERIES, f"{pair['rate']} deviate, after {pair['mean_queries']} queries")


def check_replays(runner, folder, finding):
    same = run(folder, runner, "pairs.yaml", f"--dflare_replay={finding}", status=1)
    must("It deviates:" in same and "warning" not in same, same)
    # The same file under OpenVINO on both sides: nothing to find, and the replay says what is another now.
    other = run(folder, runner, "pairs.yaml", f"--dflare_replay={finding}", "--dflare_compressed=mobilenet.tflite", status=0)
    must("It does not deviate any more" in other and "warning: the compressed model" in other and "OpenVINO" in other, other)


def main(runner, program, source, python, scratch):
    source, scratch = pathlib.Path(source), pathlib.Path(scratch).resolve()
    data = pathlib.Path(os.environ.get("DFLARE_DATA") or source.parent / "shared").resolve()
    if not (data / "data/imagenet").is_dir() or not python:
        print(f"skipped: needs a Python that has LiteRT (DFLARE_PYTHON_LITERT), and data at {data} (DFLARE_DATA)")
        return SKIPPED
    # The page's python3.
    os.environ["PATH"] = f"{pathlib.Path(python).parent}:{os.environ['PATH']}"
    page = (source / "docs/formats.md").read_text()
    prepare(scratch, data, source, block_of(page, "yaml", "dflare: 1"))

    pairs = search(runner, scratch, "one", "--dflare_workers=1")
    search(runner, scratch, "two", "--dflare_workers=2")
    check_two_runtimes(pairs["TwoRuntimes"])
    must(pairs["Int8"]["original"]["backend"] == pairs["Int8"]["compressed"]["backend"] == "OpenVINO", pairs["Int8"])
    must(0 < pairs["Int8"]["rate"] <= pairs["Int8"]["rate_allowed"], pairs["Int8"])
    expected = findings(scratch / "one")
    must_equal("1 and 2 workers", expected, findings(scratch / "two"))
    must_equal("counts with 1 and 2 workers", outcomes(scratch / "one.json"), outcomes(scratch / "two.json"))
    first = next(key for key in expected if key.startswith("TwoRuntimes/"))
    check_replays(runner, scratch, f"one/{first}")

    shown = block_of(page, "cpp", "OneFileTwoRuntimes")
    must(shown in (source / "tests/end_to_end/formats_page_test.cpp").read_text(), "the page's C++ is not that of formats_page_test.cpp")
    failed = run(scratch, program, status=1)
    must("[       OK ] Formats.FloatAndInt8" in failed and "LiteRT " in failed and "of 8 seed inputs lead to a deviation" in failed, failed)
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
