#!/usr/bin/env python3
"""everyday() and the mean worst regret of every pair of the shared data, with 20, 200 and 1,000 queries.

usage: regret.py [--build build] [--json build/bench/regret.json] [--pairs PREFIX]... [--only QUERIES]... [--seeds N]

Rate and verdict are those of everyday() at 3 %; the mean worst regret is that of a search for the worst within the same ranges. The more
queries, the fewer seed inputs (--seeds: at most so many). Data are looked for as everywhere: DFLARE_DATA, or ../shared.
"""

import argparse
import json
import pathlib
import tempfile

import gate

# Seed inputs by kind; the photographs are too slow for more queries.
TAKES = {
    20: {"mnist": 300, "cifar": 150, "mlperf": 150, "imagenet": 60},
    200: {"mnist": 300, "cifar": 60, "mlperf": 60, "imagenet": 0},
    1000: {"mnist": 100, "cifar": 20, "mlperf": 20, "imagenet": 0},
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=gate.ROOT / "build")
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--pairs", action="append", help="only those whose names begin so")
    parser.add_argument("--only", action="append", type=int, choices=list(TAKES))
    parser.add_argument("--seeds", type=int)
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    runner = build / "gtest_plugin/dflare-test"
    file = arguments.json or build / "bench/regret.json"
    # What was measured before stays, so that a part can be measured again.
    result = json.loads(file.read_text()) if arguments.only and file.is_file() else {"bench": "regret", "rows": []}
    with tempfile.TemporaryDirectory() as folder:
        for queries in arguments.only or TAKES:
            takes = {kind: min(n, arguments.seeds or n) for kind, n in TAKES[queries].items()}
            pairs = [p for p in gate.shared_pairs() if takes[p["kind"]] > 0]
            if arguments.pairs:
                pairs = [p for p in pairs if p["name"].startswith(tuple(arguments.pairs))]
            print(f"{queries} queries: {len(pairs)} pairs", flush=True)
            everyday = gate.everyday(runner, pathlib.Path(folder), pairs, takes, queries)
            worst = gate.worst(runner, pathlib.Path(folder), pairs, takes, queries)
            keys = ("name", "error", "passes", "rate", "interval", "judged", "mean_regret", "wall_seconds", "examination")
            rows = [{**{k: everyday[p["name"]].get(k) for k in keys}, "queries": queries,
                     "mean_worst_regret": worst[p["name"]]["mean_worst_regret"],
                     "worst_regret_interval": worst[p["name"]]["worst_regret_interval"]} for p in pairs]
            result["rows"] = [row for row in result["rows"] if row["queries"] != queries] + rows
            first = everyday[pairs[0]["name"]]
            result.update({"runtime": first["runtime"], "machine": first["machine"]})
            gate.write(file, result)


if __name__ == "__main__":
    main()
