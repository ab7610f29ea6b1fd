#!/usr/bin/env python3
"""Compares the peak memory of dflare-test on a folder of many images with that on a folder of few.

usage: memory.py [--few 500] [--many 50000] [--queries 20] [--repeats 3] [--json FILE] [--work FOLDER]

The folders are made from the MNIST training images of the data folder (DFLARE_DATA, default ../shared), written as PNG. They are
searched in turn, with findings written and without; the peak is what the system accounts to the finished process.
"""

import argparse
import gzip
import json
import os
import pathlib
import shutil
import statistics
import subprocess

import numpy
import PIL.Image

ROOT = pathlib.Path(__file__).resolve().parent.parent
MANIFEST = """dflare: 1
pairs:
  - name: {name}
    original: {data}/models/mnist_lenet5.pt
    compressed: {data}/models/{compressed}
    input: {{channels: 1, size: [28, 28]}}
    seeds: {{folder: {seeds}}}
"""


def make_folder(folder, images):
    if folder.is_dir() and len(os.listdir(folder)) == len(images):
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for i, image in enumerate(images):
        PIL.Image.fromarray(image).save(folder / f"{i:05d}.png", compress_level=1)


def peak_of(command, log):
    """Peak resident memory of the process in MiB."""
    with open(log, "w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"{' '.join(map(str, command))} failed; see {log}")
    return usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--few", type=int, default=500)
    parser.add_argument("--many", type=int, default=50000)
    parser.add_argument("--compressed", default="mnist_lenet5_w4.pt")
    parser.add_argument("--queries", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--dflare-test", default=str(ROOT / "build/gtest_plugin/dflare-test"))
    parser.add_argument("--work", default=str(ROOT / "build/bench/memory"))
    parser.add_argument("--json")
    arguments = parser.parse_args()

    data = pathlib.Path(os.environ.get("DFLARE_DATA") or ROOT.parent / "shared").resolve()
    work = pathlib.Path(arguments.work)
    with gzip.open(data / "data/mnist/train-images-idx3-ubyte.gz") as file:
        images = numpy.frombuffer(file.read(), numpy.uint8, offset=16).reshape(-1, 28, 28)
    sizes = {"few": arguments.few, "many": arguments.many}
    for name, count in sizes.items():
        make_folder(work / name, images[:count])
        text = MANIFEST.format(name=name, data=data, compressed=arguments.compressed, seeds=(work / name).resolve())
        (work / f"{name}.yaml").write_text(text)

    peaks = {(name, writing): [] for name in sizes for writing in (False, True)}
    for repeat in range(arguments.repeats):
        for (name, writing), measured in peaks.items():
            out = work / f"findings_{name}_{repeat}"
            command = [arguments.dflare_test, work / f"{name}.yaml", f"--dflare_out={out}", f"--dflare_queries={arguments.queries}"]
            if not writing:
                command.append("--dflare_write_findings=false")
            measured.append(peak_of(command, work / "log.txt"))
            shutil.rmtree(out, ignore_errors=True)
    rows = []
    for writing in (False, True):
        few, many = peaks["few", writing], peaks["many", writing]
        ratio = statistics.median(m / f for m, f in zip(many, few))
        rows.append({"writing": writing, "few": few, "many": many, "ratio": ratio})
        print(f"findings {'written' if writing else 'not written'}: {sizes['few']} images {statistics.median(few):.0f} MiB, "
              f"{sizes['many']} images {statistics.median(many):.0f} MiB, ratio {ratio:.3f}")
    if arguments.json:
        result = {"sizes": sizes, "compressed": arguments.compressed, "queries": arguments.queries, "rows": rows}
        pathlib.Path(arguments.json).write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
