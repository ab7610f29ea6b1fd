#!/usr/bin/env python3
"""Measures models in other formats and runtimes: labels, searches, and what a search and a process cost; writes all figures as JSON.

usage: formats.py [--build build] [--json build/bench/formats.json] [--only labels|search|overhead|process]... [--pairs PATTERNS]
                  [--mnist N] [--cifar N] [--crops N] [--queries N] [--repeats N] [--python-onnxruntime PYTHON] [--python-litert PYTHON]

The manifests are bench/manifests/formats*.yaml. Without options it takes a good quarter of an hour on two cores. Wanted are a build with
OpenVINO and ExecuTorch, and Pythons that have ONNX Runtime and LiteRT: scripts/install-runtimes.sh --with
openvino,executorch,onnxruntime,litert. Data are looked for as everywhere: DFLARE_DATA, or ../shared.
"""

import argparse
import fnmatch
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
MANIFESTS = ROOT / "bench/manifests"


def run(group, name, pairs, mnist=0, cifar=0, crops=0, **options):
    return {"group": group, "name": name, "pairs": pairs, "takes": {"300": mnist, "150": cifar, "40": crops}, "options": options}


def both_paths(pairs, **wanted):
    return [run("first", path, pairs, path=path, **wanted) for path in ("transform", "blend")]


# Searches that find nothing use all their queries: those get fewer seed inputs, and so does the climb to the worst deviation.
SEARCHES = [
    *both_paths("MnistFloat*", mnist=300),
    *both_paths("Cifar10Float*", cifar=30),
    *both_paths("*Int8*:*Both*", mnist=300, cifar=150),
    *both_paths("MobileNet*", crops=40),
    run("worst", "blend", "*Float*:*Int8*:*Both*", mnist=300, cifar=60, objective="worst", path="blend", queries=200),
    run("worst", "blend", "MobileNet*", crops=40, objective="worst", path="blend", queries=200),
]


def execute(command, statuses=(0,)):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode not in statuses:
        sys.exit(f"{' '.join(map(str, command))}: exit status {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done.stdout


def manifest_with(name, takes, folder):
    """The manifest with other numbers of seed inputs; what it names is in the environment, so that it may lie anywhere."""
    text = re.sub(r"take: (\d+)", lambda match: f"take: {takes(match[1])}", (MANIFESTS / name).read_text())
    path = pathlib.Path(folder) / name
    path.write_text(text)
    return path


def program(arguments, name):
    path = arguments.build / name
    if not path.is_file():
        sys.exit(f"there is no {path}; build it first: cmake --build {arguments.build}")
    return path


def matches(name, patterns):
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns.split(":"))


def labels(arguments, folder):
    fewer = {"10000": arguments.mnist, "2000": arguments.cifar, "1984": arguments.cifar}
    out = folder / "labels.json"
    print(execute([program(arguments, "bench/labels"), manifest_with("formats_labels.yaml", lambda n: fewer[n] or n, folder),
                   "--json", out]), end="", flush=True)
    return json.loads(out.read_text())


def search(arguments, folder):
    crops = os.environ["DFLARE_CROPS"]
    execute(["/usr/bin/python3", ROOT / "bench/crops.py", f"{os.environ['DFLARE_DATA']}/data/imagenet", crops])
    limits = {"300": arguments.mnist, "150": arguments.cifar, "40": arguments.crops}
    names = re.findall(r"- name: (\w+)", (MANIFESTS / "formats.yaml").read_text())
    runs = []
    for wanted in SEARCHES:
        chosen = [name for name in names if matches(name, wanted["pairs"]) and matches(name, arguments.pairs or "*")]
        if not chosen:
            continue
        print(f"{wanted['group']}: {wanted['name']}, {wanted['pairs']}", flush=True)
        takes = {n: max(1, min(of, limits[n] or of)) for n, of in wanted["takes"].items()}
        options = dict(wanted["options"])
        if arguments.queries:
            options["queries"] = arguments.queries
        out = folder / "search.json"
        # 1: the pairs deviate; and where nothing is found, 0.
        execute([program(arguments, "gtest_plugin/dflare-test"), manifest_with("formats.yaml", lambda n: takes[n], folder),
                 f"--gtest_filter={':'.join(name + '.*' for name in chosen)}", "--dflare_write_findings=false", "--dflare_progress=off",
                 f"--dflare_json={out}", *[f"--dflare_{name}={value}" for name, value in options.items()]], (0, 1))
        pairs = json.loads(out.read_text())["pairs"]
        failed = [f"{pair['name']}: {pair['error']}" for pair in pairs if pair["error"]]
        if failed:
            sys.exit("\n".join(failed))
        runs.append({"group": wanted["group"], "name": wanted["name"], "pairs": pairs})
    return {"runs": runs}


def overhead(arguments, folder):
    out = folder / "overhead.json"
    takes = lambda n: min(int(n), arguments.cifar or int(n))
    print(execute([program(arguments, "bench/engine_overhead"), manifest_with("formats_overhead.yaml", takes, folder),
                   "--pair", "Cifar10OpenVino", "--pair", "Cifar10ExecuTorch", "--workers", "1,2", "--repeats", arguments.repeats,
                   "--json", out]), end="", flush=True)
    return json.loads(out.read_text())


def process(arguments, folder):
    out = folder / "process.json"
    batches = 16
    if arguments.cifar:
        batches = max(1, min(batches, arguments.cifar // 32))
    data = os.environ["DFLARE_DATA"]
    print(execute([os.environ["DFLARE_PYTHON_ONNXRUNTIME"], ROOT / "bench/process_overhead.py", program(arguments, "bench/predict_time"),
                   manifest_with("formats_overhead.yaml", lambda n: 32 * batches, folder), "Cifar10OnnxRuntime",
                   f"{data}/models/cifar10_resnet20.onnx", f"{data}/data/cifar10/test_batch.bin", "--batches", batches,
                   "--repeats", 2 * arguments.repeats - 1, "--json", out]), end="", flush=True)
    return json.loads(out.read_text())


PARTS = {"labels": labels, "search": search, "overhead": overhead, "process": process}


def write(path, result):
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(result, indent=1))
    beside.replace(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--only", action="append", choices=list(PARTS))
    parser.add_argument("--pairs", help="only searches of these pairs: patterns, a colon between them")
    for name in ("mnist", "cifar", "crops", "queries"):
        parser.add_argument(f"--{name}", type=int)
    parser.add_argument("--repeats", type=int, default=5)
    for name in ("onnxruntime", "litert"):
        parser.add_argument(f"--python-{name}", default=str(ROOT / f"build/runtimes/{name}/bin/python"))
    arguments = parser.parse_args()
    for name, python in (("onnxruntime", arguments.python_onnxruntime), ("litert", arguments.python_litert)):
        if not os.path.isfile(python):
            parser.error(f"there is no {python}; install it with scripts/install-runtimes.sh --with {name}, or give --python-{name}")
    arguments.build = arguments.build.resolve()
    file = arguments.json or arguments.build / "bench/formats.json"
    os.environ.update({
        "DFLARE_DATA": str(pathlib.Path(os.environ.get("DFLARE_DATA") or ROOT.parent / "shared").resolve()),
        "DFLARE_CROPS": str(file.resolve().parent / "crops"),
        "DFLARE_SERVE_MODEL": str(ROOT / "examples/serve_model"),
        "DFLARE_PYTHON_ONNXRUNTIME": os.path.abspath(arguments.python_onnxruntime),
        "DFLARE_PYTHON_LITERT": os.path.abspath(arguments.python_litert),
    })
    # What was measured before stays, so that a part can be measured again.
    result = json.loads(file.read_text()) if arguments.only and file.is_file() else {"bench": "formats"}
    with tempfile.TemporaryDirectory() as folder:
        for part, measure in PARTS.items():
            if not arguments.only or part in arguments.only:
                result[part] = measure(arguments, pathlib.Path(folder))
                write(file, result)


if __name__ == "__main__":
    main()
