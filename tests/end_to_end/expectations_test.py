#!/usr/bin/env python3
"""Good compressions pass and bad ones fail, on real pairs, and every finding replays.

usage: expectations_test.py DFLARE_TEST MANIFEST SCRATCH_FOLDER

Exit status 77 (skipped) where there are no real data.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

SKIPPED = 77
PASS = {"EverydayW8", "EverydayInt8", "EverydayCifar10W8", "WorstW8"}
# Queries a finding that CI may not exceed: a tenth above what was measured.
MOST_QUERIES = {"Transform": 9.2, "BlendInt8": 8.8, "Gradient": 2.9}


def must(condition, what):
    if not condition:
        sys.exit(what)


def main(runner, manifest, scratch):
    data = pathlib.Path(os.environ.get("DFLARE_DATA") or pathlib.Path(manifest).resolve().parents[3] / "shared").resolve()
    if not (data / "data").is_dir():
        print(f"skipped: no data at {data} (DFLARE_DATA)")
        return SKIPPED
    os.environ["DFLARE_DATA"] = str(data)
    shutil.rmtree(scratch, ignore_errors=True)
    scratch = pathlib.Path(scratch)
    done = subprocess.run([runner, manifest, f"--dflare_out={scratch / 'findings'}", f"--dflare_json={scratch / 'results.json'}",
                           f"--gtest_output=json:{scratch / 'tests.json'}"], capture_output=True, text=True)
    must(done.returncode == 1, f"exit status {done.returncode}\n{done.stdout}\n{done.stderr}")
    suites = json.loads((scratch / "tests.json").read_text())["testsuites"]
    passed = {suite["name"] for suite in suites if suite["failures"] == 0}
    must(passed == PASS, f"passed: {sorted(passed)}; expected: {sorted(PASS)}\n{done.stdout}")

    pairs = {pair["name"]: pair for pair in json.loads((scratch / "results.json").read_text())["pairs"]}
    for name, most in MOST_QUERIES.items():
        pair = pairs[name]
        must(pair["outcomes"]["not_found"] == 0, f"{name}: {pair['outcomes']}")
        must(pair["mean_queries"] <= most, f"{name}: {pair['mean_queries']} queries a finding, more than {most}")
    must(0.9 <= pairs["Gradient"]["mean_gradients"] <= 1.5, pairs["Gradient"]["mean_gradients"])
    must(pairs["BlendInt8"]["sample"] == 200, pairs["BlendInt8"]["sample"])
    must(pairs["Minimised"]["mean_l2"] <= pairs["AsFound"]["mean_l2"] / 2,
         f"minimised: {pairs['Minimised']['mean_l2']}, as found: {pairs['AsFound']['mean_l2']}")
    must(pairs["WorstW4"]["mean_worst_regret"] > pairs["WorstPrune50"]["mean_worst_regret"] > pairs["WorstInt8"]["mean_worst_regret"]
         > pairs["WorstW8"]["mean_worst_regret"], "the mean worst regret does not rank the compressions")

    for name in ("EverydayW4", "Transform", "Minimised"):
        replayed = subprocess.run([runner, manifest, f"--dflare_replay={scratch / 'findings' / name}"], capture_output=True, text=True)
        findings = len(list((scratch / "findings" / name).rglob("finding.json")))
        must(findings > 0 and f"{findings} of {findings} findings deviate." in replayed.stdout, replayed.stdout[-2000:] + replayed.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
