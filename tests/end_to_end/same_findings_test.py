#!/usr/bin/env python3
"""Same options, same findings, on real models whose answers depend on the place in a batch: the float CIFAR-10 pairs.

usage: same_findings_test.py DFLARE_TEST CHECK_FINDINGS MANIFEST SCRATCH_FOLDER

Runs the manifest with 1 worker, with 2, and as two shards, and compares what ARCHITECTURE's contract names: findings byte for byte
(finding.json and pictures), their folders, and the outcome counts. Then replays all findings in a new process, and checks
them with a program that shares no code with dflare. Exit status 77 (skipped) where there are no real data.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

SKIPPED = 77
COMPARED = ("finding.json", "seed.png", "mutant.png", "difference.png")


def search(runner, manifest, folder, *flags, **environment):
    command = [runner, manifest, f"--dflare_out={folder}", f"--dflare_json={folder}.json", *flags]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True)
    if done.returncode != 1:
        sys.exit(f"{' '.join(command)}: exit status {done.returncode}, expected 1 (deviations)\n{done.stdout}\n{done.stderr}")


def findings(folder):
    found = {}
    for path in sorted(pathlib.Path(folder).rglob("finding.json")):
        # Each shard writes to a folder of its own, PAIR.shard_1_of_2.
        key = re.sub(r"\.shard_\d+_of_\d+/", "/", path.parent.relative_to(folder).as_posix())
        found[key] = [(path.parent / name).read_bytes() for name in COMPARED]
    return found


def outcomes(*files):
    total = {}
    for file in files:
        for pair in json.loads(pathlib.Path(file).read_text())["pairs"]:
            sums = total.setdefault(pair["name"], {})
            for name in ("queries", "confirmations", "refuted", "first_looks"):
                sums[name] = sums.get(name, 0) + pair[name]
            for name, count in pair["outcomes"].items():
                sums[name] = sums.get(name, 0) + count
    return total


def must_equal(what, a, b):
    if a == b:
        return
    if isinstance(a, dict):
        differing = sorted(key for key in set(a) | set(b) if a.get(key) != b.get(key))
        sys.exit(f"{what}: {len(differing)} of {len(a)} differ: {differing[:10]}")
    sys.exit(f"{what}: {a} and {b}")


def main(runner, check_findings, manifest, scratch):
    beside = pathlib.Path(__file__).resolve().parents[3] / "shared"
    os.environ.setdefault("DFLARE_DATA", str(beside))
    if not os.path.isdir(os.environ["DFLARE_DATA"]):
        print("skipped: needs real data; set DFLARE_DATA")
        return SKIPPED
    shutil.rmtree(scratch, ignore_errors=True)
    os.makedirs(scratch)
    one, two, shards = (os.path.join(scratch, name) for name in ("one", "two", "shards"))

    search(runner, manifest, one, "--dflare_workers=1")
    search(runner, manifest, two, "--dflare_workers=2")
    parts = []
    for index in ("0", "1"):
        parts.append(os.path.join(scratch, f"shard{index}"))
        search(runner, manifest, parts[-1], GTEST_TOTAL_SHARDS="2", GTEST_SHARD_INDEX=index)

    expected = findings(one)
    if len(expected) < 40:
        sys.exit(f"only {len(expected)} findings: too few to say anything")
    must_equal("1 and 2 workers", expected, findings(two))
    must_equal("counts with 1 and 2 workers", outcomes(one + ".json"), outcomes(two + ".json"))
    sharded = [findings(part) for part in parts]
    if min(map(len, sharded)) == 0 or set(sharded[0]) & set(sharded[1]):
        sys.exit(f"shards of {[len(s) for s in sharded]} findings: one is empty or they overlap")
    must_equal("whole and shards", expected, {**sharded[0], **sharded[1]})

    command = [runner, manifest, f"--dflare_replay={one}"]
    done = subprocess.run(command, capture_output=True, text=True)
    if f"{len(expected)} of {len(expected)} findings deviate." not in done.stdout:
        sys.exit(f"{' '.join(command)}: not all of {len(expected)} findings replay\n{done.stdout}{done.stderr}")
    print(f"{len(expected)} findings equal with 1 worker, 2 workers and 2 shards; all replay")
    return subprocess.run(["/usr/bin/python3", check_findings, one]).returncode


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
