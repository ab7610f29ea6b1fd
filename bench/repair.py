#!/usr/bin/env python3
"""Repairs all repairable pairs of the data with dflare-repair, one after another, and writes what came of it to a JSON
file after every pair; pairs that are in the file already are left out. bench/write_results.py makes tables of it.

  bench/repair.py DFLARE_REPAIR RESULT.json [PAIR...]

DFLARE_DATA: folder of the data (default: ../shared). Pairs of generated models need /usr/bin/python3 with torch.
"""
import json
import os
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DATA = os.path.abspath(os.environ.get("DFLARE_DATA", os.path.join(ROOT, "..", "shared")))

MNIST = """
original: {data}/models/mnist_lenet5.pt
compressed: {compressed}
input: {{channels: 1, size: 28}}
seeds: {{idx: {data}/data/mnist/train-images-idx3-ubyte.gz, labels: {data}/data/mnist/train-labels-idx1-ubyte.gz, take: {seeds}}}
unseen: {{idx: {data}/data/mnist/t10k-images-idx3-ubyte.gz, labels: {data}/data/mnist/t10k-labels-idx1-ubyte.gz, take: 500}}
test: {{idx: {data}/data/mnist/t10k-images-idx3-ubyte.gz, labels: {data}/data/mnist/t10k-labels-idx1-ubyte.gz}}
"""
CIFAR10 = """
original: {data}/models/cifar10_resnet20.pt
compressed: {compressed}
input: {{channels: 3, size: 32, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]}}
seeds: {{cifar10: {data}/data/cifar10/data_batch_1.bin, take: {seeds}}}
unseen: {{cifar10: {data}/data/cifar10/test_batch.bin, take: 300}}
test: {{cifar10: {data}/data/cifar10/test_batch.bin}}
retest: {{everyday_queries: 20, dflare_queries: 0}}
train: {{rounds: 1, steps: 500, batch: 64}}
"""


def mnist(file, seeds=1500, **more):
    return {"base": MNIST, "compressed": "{data}/models/" + file, "seeds": seeds, **more}


def generated(file, **more):
    return {"base": MNIST, "compressed": "{models}/" + file, "seeds": 1500, **more}


def cifar10(file):
    return {"base": CIFAR10, "compressed": "{data}/models/" + file, "seeds": 1500}


PAIRS = {
    "MnistW4": mnist("mnist_lenet5_w4.pt"),
    "MnistPrune50": mnist("mnist_lenet5_prune50.pt"),
    "Cifar10W4": cifar10("cifar10_resnet20_w4.pt"),
    "MnistInt8": mnist("mnist_lenet5_int8.pt"),
    "MnistW4Frozen": mnist("mnist_lenet5_w4_frozen.pt"),
    "MnistPrune80": mnist("mnist_lenet5_prune80.pt"),
    "Cifar10Prune50": cifar10("cifar10_resnet20_prune50.pt"),
    "MnistW4_300": mnist("mnist_lenet5_w4.pt", 300),
    "MnistPrune50_300": mnist("mnist_lenet5_prune50.pt", 300),
    "Cifar10Int8": cifar10("cifar10_resnet20_int8.pt"),
    "MnistKd": mnist("mnist_lenet5_kd.pt"),
    "Cifar10Prune80ft": cifar10("cifar10_resnet20_prune80ft.pt"),
    "W4PerChannel": generated("lenet5_w4_per_channel.pt"),
    "Int8Eager": generated("lenet5_int8_eager.pt"),
    "Int8Dynamic": generated("lenet5_int8_dynamic.pt"),
    "Corrector": generated("lenet5_int8_unknown_operator.pt"),
    "MnistW4Frozen_300": mnist("mnist_lenet5_w4_frozen.pt", 300),
}


def make_models(folder):
    if os.path.exists(os.path.join(folder, "lenet5_int8_dynamic.pt")):
        return
    subprocess.run(["/usr/bin/python3", os.path.join(ROOT, "bench", "make_repair_models.py"),
                    os.path.join(DATA, "models", "mnist_lenet5.pt"),
                    os.path.join(DATA, "data", "mnist", "train-images-idx3-ubyte.gz"), folder], check=True)


def peak_memory_and_status(command):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    return usage.ru_maxrss * 1024, os.waitstatus_to_exitcode(status)


def run(tool, name, pair, folder):
    models = os.path.join(folder, "models")
    if pair["compressed"].startswith("{models}"):
        make_models(models)
    config = os.path.join(folder, name + ".yaml")
    text = "dflare_repair: 1\n" + pair["base"].format(
        data=DATA, compressed=pair["compressed"].format(data=DATA, models=models), seeds=pair["seeds"])
    with open(config, "w") as file:
        file.write(text + f"out: {folder}/{name}\n")
    begin = time.time()
    memory, status = peak_memory_and_status([tool, config, "--progress", "off"])
    if status == 2:
        sys.exit(f"{name}: dflare-repair failed")
    with open(os.path.join(folder, name, "report.json")) as file:
        report = json.load(file)
    return {"name": name, "training_seeds": pair["seeds"], "exit_status": status, "seconds": time.time() - begin,
            "peak_bytes": memory, "report": report}


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    tool, result_file, wanted = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3:] or list(PAIRS)
    folder = os.path.splitext(os.path.abspath(result_file))[0]
    os.makedirs(folder, exist_ok=True)
    rows = []
    if os.path.exists(result_file):
        with open(result_file) as file:
            rows = json.load(file)["pairs"]
    for name in wanted:
        if any(row["name"] == name for row in rows):
            continue
        rows.append(run(tool, name, PAIRS[name], folder))
        with open(result_file + ".tmp", "w") as file:
            json.dump({"bench": "repair", "pairs": rows}, file, indent=1)
        os.replace(result_file + ".tmp", result_file)
        repaired = rows[-1]["report"].get("repaired", {}).get("worst_repaired") or {}
        print(f"{name}: {rows[-1]['report']['verdict']}, {100 * repaired.get('share', 0):.1f} % of the worst, "
              f"{rows[-1]['seconds']:.0f} s", flush=True)


main()
