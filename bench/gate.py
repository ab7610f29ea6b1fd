"""What broken.py, regret.py and misfeeding.py have in common: the pairs of the shared data, and dflare-test on pairs."""

import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = pathlib.Path(os.environ.get("DFLARE_DATA") or ROOT.parent / "shared").resolve()
GATE = 0.03  # the rate that README's gate allows

IMAGENET_NORM = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}
LITE = {"mean": 0.49803922, "std": 0.50196078}
INPUTS = {
    "mnist": {"channels": 1, "size": 28},
    "cifar": {"channels": 3, "size": 32, **IMAGENET_NORM},
    "mlperf": {"channels": 3, "size": 32, "range": [0, 255]},
    "imagenet": {"channels": 3, "size": 224, **LITE},
}
CIFAR = {"cifar10": str(DATA / "data/cifar10/test_batch.bin")}
SEEDS = {
    "mnist": {"idx": str(DATA / "data/mnist/t10k-images-idx3-ubyte.gz"), "labels": str(DATA / "data/mnist/t10k-labels-idx1-ubyte.gz")},
    "cifar": CIFAR,
    "mlperf": CIFAR,
    # Every second one, as the data's README: some may have been trained on.
    "imagenet": {"folder": str(DATA / "data/imagenet1k"), "classes": True, "color": "rgb"},
}


def pair(name, kind, original, compressed, **more):
    """more: `input`, where it is not that of its kind, and whatever the caller wants to keep with it."""
    return {"name": name, "kind": kind, "original": str(original), "compressed": str(compressed), **more}


def shared_pairs():
    """Every pair of float and compressed model in ../shared whose images have labels."""
    models = DATA / "models"
    groups = [
        ("Mnist", "mnist", "mnist_lenet5.pt", ["w8", "int8", "prune50", "w4", "w4_frozen", "prune80", "kd"]),
        ("Cifar10", "cifar", "cifar10_resnet20.pt", ["w8", "int8", "prune50", "w4", "prune80ft"]),
        ("ResNet32", "cifar", "cifar10_resnet32.pt", ["w8", "int8", "prune50", "w4"]),
        ("ResNet56", "cifar", "cifar10_resnet56.pt", ["int8", "prune50", "w4"]),
        ("MnistOnnx", "mnist", "mnist_lenet5.onnx", ["int8"]),
        ("MnistPte", "mnist", "mnist_lenet5.pte", ["int8"]),
        ("Cifar10Onnx", "cifar", "cifar10_resnet20.onnx", ["int8"]),
        ("Cifar10Pte", "cifar", "cifar10_resnet20.pte", ["int8"]),
        ("MlperfResNet8", "mlperf", "cifar10_mlperf_resnet8.tflite", ["int8"]),
        ("MlperfResNetLarge", "mlperf", "cifar10_mlperf_resnet_large.tflite", ["int8"]),
        ("EfficientNetLite0", "imagenet", "imagenet_efficientnet_lite0.pt", ["w8", "prune20", "int8"]),
    ]
    pairs = []
    for prefix, kind, original, compressed in groups:
        stem, suffix = original.rsplit(".", 1)
        for name in compressed:
            title = prefix + "".join(part.capitalize() for part in name.split("_"))
            pairs.append(pair(title, kind, models / original, models / f"{stem}_{name}.{suffix}"))
    large = models / "cifar10_mlperf_resnet_large.tflite"
    pairs.append(pair("MlperfStudent", "mlperf", large, models / "cifar10_mlperf_resnet8.tflite"))
    return pairs


def entry(row, seeds, **more):
    """A pair of a manifest."""
    return {"name": row["name"], "original": row["original"], "compressed": row["compressed"], "input": row.get("input", INPUTS[row["kind"]]),
            "seeds": {**SEEDS[row["kind"]], **seeds}, **more}


def write_manifest(path, pairs):
    """JSON is YAML."""
    path.write_text(json.dumps({"dflare": 1, "pairs": pairs}, indent=1))
    return path


def run(command, statuses=(0,)):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode not in statuses:
        sys.exit(f"{' '.join(map(str, command))}: exit status {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done


def search(runner, folder, pairs, *flags):
    """The rows of results.json, by name, each with whether its tests passed."""
    manifest = write_manifest(folder / "pairs.yaml", pairs)
    results, tests = folder / "results.json", folder / "tests.json"
    # 1: some fail; 2: some are refused.
    run([runner, manifest, "--dflare_write_findings=false", "--dflare_progress=off", f"--dflare_json={results}",
         f"--gtest_output=json:{tests}", *flags], (0, 1, 2))
    failed = {suite["name"]: suite["failures"] > 0 for suite in json.loads(tests.read_text())["testsuites"]}
    rows = {row["name"]: {**row, "passes": not failed[row["name"]]} for row in json.loads(results.read_text())["pairs"]}
    missing = [p["name"] for p in pairs if p["name"] not in rows]
    if missing:
        sys.exit(f"results.json has no row of {', '.join(missing)}")
    return rows


def everyday(runner, folder, pairs, takes, queries=20):
    """The gate of README on each pair."""
    return search(runner, folder, [entry(p, {"take": takes[p["kind"]]}, preset="everyday", options={"queries": queries},
                                         expect={"deviation_rate_le": GATE}) for p in pairs])


def worst(runner, folder, pairs, takes, queries=20):
    """The worst regret of each seed input within the ranges of everyday(). Not by criterion label, by which no tie is a deviation."""
    options = {"queries": queries, "criterion": "regret >= 0.001", "objective": "worst"}
    return search(runner, folder, [entry(p, {"take": takes[p["kind"]]}, preset="everyday", options=options,
                                         expect={"worst_deviation_le": 1}) for p in pairs])


def labels(program, folder, pairs, takes):
    """Accuracies and labels unlike the original's, by name."""
    manifest = write_manifest(folder / "labels.yaml", [entry(p, {"take": takes[p["kind"]]}) for p in pairs])
    run([program, manifest, "--json", folder / "labels.json"])
    return {row["name"]: row for row in json.loads((folder / "labels.json").read_text())["pairs"]}


def write(path, result):
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(result, indent=1))
    beside.replace(path)
