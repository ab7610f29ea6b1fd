#!/usr/bin/env python3
"""Runs EXPECT_NO_DEVIATION on a real pair three times with one corpus: the first time, again, and on the model as dflare-repair repaired it.

usage: corpus.py [--seeds 300] [--build build] [--work build/bench/corpus] [--json build/bench/corpus.json]

The pair is MNIST LeNet-5 and its 4-bit weights, of the data folder (DFLARE_DATA, default ../shared); test images are searched, and training images
repaired on.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = pathlib.Path(os.environ.get("DFLARE_DATA") or ROOT.parent / "shared").resolve()
MNIST = f"{DATA}/data/mnist"
MANIFEST = f"""dflare: 1
pairs:
  - name: MnistW4
    original: {DATA}/models/mnist_lenet5.pt
    compressed: {{compressed}}
    input: {{{{channels: 1, size: 28}}}}
    seeds: {{{{idx: {MNIST}/t10k-images-idx3-ubyte.gz, labels: {MNIST}/t10k-labels-idx1-ubyte.gz, take: {{seeds}}}}}}
    options: {{{{corpus: corpus, rotate: 10, translate: 2, criterion: "regret >= 0.2"}}}}
"""
REPAIR = f"""dflare_repair: 1
original: {DATA}/models/mnist_lenet5.pt
compressed: {DATA}/models/mnist_lenet5_w4.pt
input: {{channels: 1, size: 28}}
seeds: {{idx: {MNIST}/train-images-idx3-ubyte.gz, labels: {MNIST}/train-labels-idx1-ubyte.gz, take: 1500}}
unseen: {{idx: {MNIST}/t10k-images-idx3-ubyte.gz, labels: {MNIST}/t10k-labels-idx1-ubyte.gz, skip: 5000, take: 200}}
train: {{rounds: 1}}
retest: {{dflare_queries: 0}}
out: repair
"""


def run_pair(build, work, name, compressed, seeds):
    (work / "pair.yaml").write_text(MANIFEST.format(compressed=compressed, seeds=seeds))
    begin = time.monotonic()
    ended = subprocess.run([build / "gtest_plugin/dflare-test", "pair.yaml", f"--dflare_json={name}.json", "--dflare_out=findings"],
                           cwd=work, stdout=subprocess.DEVNULL)
    if ended.returncode not in (0, 1):
        raise SystemExit(f"corpus.py: dflare-test ended with exit status {ended.returncode}")
    row = json.loads((work / f"{name}.json").read_text())["pairs"][0]
    return {"run": name, "exit_status": ended.returncode, "seconds": time.monotonic() - begin, "queries": row["queries"],
            "searched": row["searched"], "corpus": row["corpus"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=300)
    parser.add_argument("--build", default=str(ROOT / "build"))
    parser.add_argument("--work", default=str(ROOT / "build/bench/corpus"))
    parser.add_argument("--json", default=str(ROOT / "build/bench/corpus.json"))
    arguments = parser.parse_args()
    build, work = pathlib.Path(arguments.build).resolve(), pathlib.Path(arguments.work)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    (work / "repair.yaml").write_text(REPAIR)
    ended = subprocess.run([build / "repair/dflare-repair", "repair.yaml"], cwd=work, stdout=subprocess.DEVNULL)
    if ended.returncode != 0:
        raise SystemExit(f"corpus.py: dflare-repair ended with exit status {ended.returncode}")
    compressed = f"{DATA}/models/mnist_lenet5_w4.pt"
    rows = [run_pair(build, work, "first", compressed, arguments.seeds),
            run_pair(build, work, "again", compressed, arguments.seeds),
            run_pair(build, work, "repaired", "repair/repaired.pt", arguments.seeds)]
    result = {"bench": "corpus", "seeds": arguments.seeds, "cores": os.cpu_count(), "rows": rows}
    pathlib.Path(arguments.json).write_text(json.dumps(result, indent=1) + "\n")
    for row in rows:
        print(row)


if __name__ == "__main__":
    main()
