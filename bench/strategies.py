#!/usr/bin/env python3
"""Runs every strategy, objective and the preset on all pairs, and writes their figures as JSON.

usage: strategies.py [--runner build/gtest_plugin/dflare-test] [--json build/bench/strategies.json] [--only GROUP]...
                     [--pairs FILTER] [--mnist N] [--cifar N]

The groups are first, worst, closest, minimise and everyday. Each run is dflare-test on bench/manifests/strategies.yaml with other
flags; `--mnist` and `--cifar` take fewer seed inputs than the run wants. Data are looked for as everywhere: DFLARE_DATA, or ../shared.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "bench/manifests/strategies.yaml"
EVERYDAY = {"regret": 0.2, "rotate": 10, "translate_share": 1 / 14, "scale": 1.1, "contrast": 1.2, "brightness": 10}


def run(group, name, mnist, cifar, **options):
    return {"group": group, "name": name, "mnist": mnist, "cifar": cifar, "options": options}


def everyday(name, mnist, cifar, queries, **options):
    criterion = {"criterion": f"regret >= {EVERYDAY['regret']}"}
    ranges = {key: value for key, value in EVERYDAY.items() if key != "regret"}
    return run("everyday", name, mnist, cifar, queries=queries, **criterion, **ranges, **options)


RUNS = [
    run("first", "boundary, transform", 300, 150, path="transform"),
    run("first", "boundary, blend", 300, 150, path="blend"),
    run("first", "boundary, gradient", 300, 150, path="gradient"),
    run("first", "boundary, mutation", 300, 150, path="mutation"),
    run("first", "dflare, reference", 300, 150, strategy="dflare"),
    run("first", "dflare, published", 300, 150, strategy="dflare", acceptance="published"),
    run("first", "dflare, operators at random", 300, 150, strategy="dflare", metropolis_hastings="false"),
    run("first", "dflare, without the state", 300, 150, strategy="dflare", novelty="false"),
    run("first", "diffchaser", 300, 150, strategy="diffchaser"),
    run("first", "random", 300, 150, strategy="random"),
    *[run("worst", f"{path}, {queries}", 200, 60, objective="worst", path=path, queries=queries)
      for path in ("blend", "auto") for queries in (10, 100, 200)],
    *[run("worst", f"{path}, 400", 200, 0, objective="worst", path=path, queries=400) for path in ("blend", "auto")],
    run("worst", "dflare, 400", 200, 0, objective="worst", strategy="dflare", queries=400),
    run("closest", "L-inf, gradients, 50", 200, 150, objective="closest", closest_by="l_inf", queries=50),
    run("closest", "L2, gradients, 50", 200, 150, objective="closest", closest_by="l2", queries=50),
    *[run("closest", f"{by}, blend, {queries}", 50, 10, objective="closest", path="blend", closest_by=by.replace("-", "_").lower(),
          queries=queries)
      for by in ("L2", "L-inf") for queries in (100, 500, 2000)],
    run("minimise", "dflare as found", 300, 60, strategy="dflare"),
    run("minimise", "dflare, minimised", 300, 60, strategy="dflare", minimise="true"),
    everyday("random draws, 20", 1000, 150, 20, strategy="random"),
    everyday("everyday(), 20", 1000, 150, 20, path="transform"),
    everyday("everyday() with 200", 1000, 150, 200, path="transform"),
    everyday("everyday() with 1000", 300, 40, 1000, path="transform"),
]


def manifest_with(mnist, cifar, folder):
    """The manifest with so many seed inputs; its data are named by DFLARE_DATA, so that it may lie anywhere."""
    text = MANIFEST.read_text().replace("take: 300", f"take: {max(1, mnist)}").replace("take: 150", f"take: {max(1, cifar)}")
    path = pathlib.Path(folder) / "strategies.yaml"
    path.write_text(text)
    return path


def execute(runner, wanted, arguments, folder):
    mnist, cifar = (min(n, limit) if limit else n for n, limit in
                    ((wanted["mnist"], arguments.mnist), (wanted["cifar"], arguments.cifar)))
    out = pathlib.Path(folder) / "out.json"
    pairs = arguments.pairs or ("*" if mnist and cifar else "Mnist*" if mnist else "Cifar*")
    flags = [f"--dflare_{name}={value}" for name, value in wanted["options"].items()]
    command = [runner, manifest_with(mnist, cifar, folder), f"--gtest_filter={pairs}", "--dflare_write_findings=false",
               "--dflare_progress=off", f"--dflare_json={out}", *flags]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    # 1: the pairs deviate, as they should.
    if done.returncode not in (0, 1):
        sys.exit(f"{wanted['name']}: exit status {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return {**wanted, "pairs": json.loads(out.read_text())["pairs"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runner", default=str(ROOT / "build/gtest_plugin/dflare-test"))
    parser.add_argument("--json", default=str(ROOT / "build/bench/strategies.json"))
    parser.add_argument("--only", action="append", choices=sorted({r["group"] for r in RUNS}))
    parser.add_argument("--pairs")
    parser.add_argument("--mnist", type=int)
    parser.add_argument("--cifar", type=int)
    arguments = parser.parse_args()
    os.environ["DFLARE_DATA"] = str(pathlib.Path(os.environ.get("DFLARE_DATA") or ROOT.parent / "shared").resolve())
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for wanted in RUNS:
            if arguments.only and wanted["group"] not in arguments.only:
                continue
            print(f"{wanted['group']}: {wanted['name']}", flush=True)
            results.append(execute(arguments.runner, wanted, arguments, folder))
    path = pathlib.Path(arguments.json)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps({"runs": results}, indent=1))
    beside.replace(path)


if __name__ == "__main__":
    main()
