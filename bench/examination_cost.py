#!/usr/bin/env python3
"""What the examination of a pair costs beside everyday() on 300 seed inputs of ResNet-20.

usage: examination_cost.py [--build build] [--json build/bench/examination_cost.json] [--seeds N] [--repeats N]

Seconds are of whole processes, in turn: everyday(), --dflare_examine, and one that loads both models and evaluates one image. The
examination is the second less the third; the median of --repeats. Data are looked for as everywhere: DFLARE_DATA, or ../shared.
"""

import argparse
import pathlib
import statistics
import tempfile
import time

import gate


def timed(*command):
    begin = time.perf_counter()
    # 1: the pair fails the gate.
    gate.run(command, (0, 1))
    return time.perf_counter() - begin


def measure(build, pair, seeds, repeats, folder):
    runner, labels = build / "gtest_plugin/dflare-test", build / "bench/labels"
    entry = lambda take: [gate.entry(pair, {"take": take}, preset="everyday", expect={"deviation_rate_le": gate.GATE})]
    many, one = gate.write_manifest(folder / "many.yaml", entry(seeds)), gate.write_manifest(folder / "one.yaml", entry(1))
    commands = {"everyday": (runner, many, "--dflare_write_findings=false"), "examine": (runner, many, "--dflare_examine"), "load": (labels, one)}
    seconds = {name: [] for name in commands}
    for _ in range(repeats):
        for name, command in commands.items():
            seconds[name].append(timed(*command))
    row = gate.everyday(runner, folder, [pair], {pair["kind"]: seeds})[pair["name"]]
    examination = max(0.0, statistics.median(seconds["examine"]) - statistics.median(seconds["load"]))
    everyday = statistics.median(seconds["everyday"])
    return {"name": pair["name"], "seeds": seeds, "evaluations": row["examination"]["evaluations"],
            "evaluations_of_everyday": row["queries"] + row["first_looks"] + row["confirmations"], "seconds_each": seconds,
            "examination_seconds": examination, "everyday_seconds": everyday, "share": examination / everyday,
            "runtime": row["runtime"], "machine": row["machine"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=gate.ROOT / "build")
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--seeds", type=int, default=300)
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for pair in gate.shared_pairs():
            if pair["name"] in ("Cifar10W8", "Cifar10Int8"):
                rows.append(measure(build, pair, arguments.seeds, arguments.repeats, pathlib.Path(folder)))
                print(f"{pair['name']}: {rows[-1]['evaluations']} evaluations, {100 * rows[-1]['share']:.1f} % of the time", flush=True)
    gate.write(arguments.json or build / "bench/examination_cost.json", {"bench": "examination_cost", "rows": rows})


if __name__ == "__main__":
    main()
