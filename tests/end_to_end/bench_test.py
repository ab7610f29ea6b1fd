#!/usr/bin/env python3
"""The benchmarks' programs and scripts on real data, with so few queries that their figures say nothing.

usage: bench_test.py ENGINE_OVERHEAD DFLARE_TEST DFLARE_BENCH LABELS SOURCE_TREE SCRATCH_FOLDER

Exit status 77 (skipped) where there are no real data.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

SKIPPED = 77


def run(*command, status=0):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != status:
        sys.exit(f"{command}: exit status {done.returncode}, expected {status}\n{done.stdout}\n{done.stderr}")
    return done.stdout + done.stderr


def must(condition, what):
    if not condition:
        sys.exit(what)


def main(overhead, runner, micro, labels, source, scratch):
    source, scratch = pathlib.Path(source), pathlib.Path(scratch)
    data = pathlib.Path(os.environ.get("DFLARE_DATA") or source.parent / "shared").resolve()
    if not (data / "data").is_dir():
        print(f"skipped: no data at {data} (DFLARE_DATA)")
        return SKIPPED
    os.environ["DFLARE_DATA"] = str(data)
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    manifest = source / "bench/manifests/overhead.yaml"
    results = scratch / "RESULTS.md"
    sections = ("overhead", "memory", "micro")
    results.write_text("before\n" + "".join(f"<!-- begin {s} -->\nSTALE\n<!-- end {s} -->\n" for s in sections) + "after\n")

    printed = run(overhead, manifest, "--pair", "MnistW4", "--queries", 2000, "--repeats", 2, "--workers", "1,2",
                  "--findings", scratch / "findings", "--json", scratch / "overhead.json")
    must("workers 2  search / inference" in printed, printed)
    pair, = json.loads((scratch / "overhead.json").read_text())["pairs"]
    must(pair["name"] == "MnistW4" and pair["queries"] == 2000, pair)
    must([row["workers"] for row in pair["rows"]] == [1, 2], pair)
    for row in pair["rows"]:
        must(len(row["search_seconds"]) == 2 and row["search_over_inference"] > 0, row)
        # The models' part of a search is less than the whole, and no nonsense.
        must(0 < row["models_over_inference"] < row["search_over_inference"], row)
    written = list((scratch / "findings").rglob("finding.json"))
    must(len(written) == 4 * len(list((scratch / "findings/MnistW4_0_0").rglob("finding.json"))) > 0, written)
    wrong = run(overhead, manifest, "--pair", "Mnist", status=2)
    must("no pair of" in wrong and "overhead.yaml" in wrong, wrong)

    printed = run(labels, source / "bench/manifests/dflare.yaml", "--pair", "MnistPrune80", "--json", scratch / "labels.json")
    must("labels unlike the original's: 6 of 300 (ties: 0)" in printed, printed)
    pair, = json.loads((scratch / "labels.json").read_text())["pairs"]
    must(pair["unlike"] == 6 and pair["original"]["accuracy"] > pair["compressed"]["accuracy"] > 0.9, pair)
    wrong = run(labels, manifest, "--pair", "Mnist", status=2)
    must("no pair of" in wrong, wrong)

    run("/usr/bin/python3", source / "bench/memory.py", "--few", 20, "--many", 60, "--queries", 2, "--repeats", 1,
        "--dflare-test", runner, "--work", scratch / "memory", "--json", scratch / "memory.json")
    run(micro, "--benchmark_filter=novelty", "--benchmark_min_time=0.01", f"--benchmark_out={scratch / 'micro.json'}")
    for name in sections:
        run("/usr/bin/python3", source / "bench/write_results.py", name, scratch / f"{name}.json", "--command", f"make {name}",
            "--file", results)
    text = results.read_text()
    must(text.startswith("before\n") and text.endswith("after\n") and "STALE" not in text, text)
    for expected in ("`make overhead`", "| MnistW4 | ", "`make memory`", "| not written | ", "`make micro`", "novelty_state"):
        must(expected in text, f"{expected} is not in\n{text}")
    missing = run("/usr/bin/python3", source / "bench/write_results.py", "other", scratch / "micro.json", "--command", "x",
                  "--file", results, status=1)
    must("other: RESULTS.md has no lines" in missing, missing)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
