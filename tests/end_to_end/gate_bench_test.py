#!/usr/bin/env python3
"""Broken compressions fail everyday() and harmless ones pass it, wrong feedings are noticed: bench/broken.py and those beside it on real
files, on few layers and images.

usage: gate_bench_test.py BUILD_FOLDER SOURCE_TREE SCRATCH_FOLDER

Exit status 77 (skipped) where there are no real data.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

SKIPPED = 77
SECTIONS = ("broken", "regret", "misfeeding", "examination_cost")


def must(condition, what):
    if not condition:
        sys.exit(what)


def main(build, source, scratch):
    source, scratch = pathlib.Path(source), pathlib.Path(scratch)
    data = pathlib.Path(os.environ.get("DFLARE_DATA") or source.parent / "shared").resolve()
    if not (data / "data").is_dir():
        print(f"skipped: no data at {data} (DFLARE_DATA)")
        return SKIPPED
    os.environ["DFLARE_DATA"] = str(data)
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)

    def bench(name, *flags):
        script = source / f"bench/{name}.py"
        command = ["/usr/bin/python3", "-B", script, "--build", build, "--json", scratch / f"{name}.json", *flags]
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
        must(done.returncode == 0, f"{script}: exit status {done.returncode}\n{done.stdout}\n{done.stderr}")
        return json.loads((scratch / f"{name}.json").read_text())

    # What must hold of broken compressions, broken.py checks itself; here, that it looked at what it says.
    broken = bench("broken", "--only", "LeNet-5", "--few-layers", "--mnist", 100, "--images", 1000)
    rows = {row["what"]: row for row in broken["rows"]}
    for what in ("dead", "untrained", "fc1.weight zero", "classes rolled by one", "weights of 2 bits"):
        must(rows[what]["lost"] > 0.5 and not rows[what]["passes"], rows[what])
    for what in ("logits divided by 20", "logits multiplied by 20"):
        must(rows[what]["unlike"] == 0 and rows[what]["passes"] and not rows[what]["refused"], rows[what])
    must(rows["mnist_lenet5_w8.pt"]["passes"] and not rows["mnist_lenet5_kd.pt"]["passes"], rows)
    must(len(broken["checks"]) == 5 and broken["corpus"]["kept"] > 0, broken["checks"])

    misfed = bench("misfeeding", "--images", 100, "--pairs", "MnistW8", "--pairs", "Cifar10W8")
    said = {(row["network"], row["feeding"]): row for row in misfed["rows"]}
    right = said["cifar10_resnet20.pt", "right"]
    must(right["noticed"] == "no" and right["accuracy"] > 0.8, right)
    labels = said["cifar10_resnet20.pt", "labels shifted"]
    must(labels["noticed"] == "refused" and labels["errors"], labels)

    regret = bench("regret", "--pairs", "MnistW8", "--pairs", "MnistKd", "--only", 20, "--seeds", 50)
    must([row["passes"] for row in regret["rows"]] == [True, False], regret)
    cost = bench("examination_cost", "--seeds", 20, "--repeats", 1)
    must(all(0 < row["evaluations"] <= 200 for row in cost["rows"]), cost)

    tables = scratch / "RESULTS.md"
    tables.write_text("".join(f"<!-- begin {part} -->\n<!-- end {part} -->\n" for part in SECTIONS))
    for part in SECTIONS:
        done = subprocess.run(["/usr/bin/python3", "-B", str(source / "bench/write_results.py"), part, str(scratch / f"{part}.json"), "--command",
                               f"make {part}", "--file", str(tables)], capture_output=True, text=True)
        must(done.returncode == 0, done.stdout + done.stderr)
    text = tables.read_text()
    for expected in ("| LeNet-5 | untrained | ", "- Holds: ", "| MnistKd | ", "| cifar10_resnet20.pt | labels shifted | ", "`make examination_cost`"):
        must(expected in text, f"{expected} is not in\n{text}")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
