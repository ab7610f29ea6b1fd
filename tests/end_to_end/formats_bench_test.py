#!/usr/bin/env python3
"""bench/formats.py and the tables made of it on real files, with so few images that the figures say nothing.

usage: formats_bench_test.py BUILD_FOLDER SOURCE_TREE PYTHON_ONNXRUNTIME PYTHON_LITERT SCRATCH_FOLDER

Exit status 77 (skipped) where there are no real data, or no such Pythons.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

SKIPPED = 77
SECTIONS = ("labels", "first", "worst", "overhead", "process")


def must(condition, what):
    if not condition:
        sys.exit(what)


def run(*command, status=0):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    must(done.returncode == status, f"{command}: exit status {done.returncode}, expected {status}\n{done.stdout}\n{done.stderr}")
    return done.stdout + done.stderr


def main(build, source, onnxruntime, litert, scratch):
    source, scratch = pathlib.Path(source), pathlib.Path(scratch)
    data = pathlib.Path(os.environ.get("DFLARE_DATA") or source.parent / "shared").resolve()
    if not (data / "data/imagenet").is_dir() or not onnxruntime or not litert:
        print(f"skipped: needs Pythons that have ONNX Runtime and LiteRT, and data at {data} (DFLARE_DATA)")
        return SKIPPED
    os.environ["DFLARE_DATA"] = str(data)
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    formats = ["/usr/bin/python3", source / "bench/formats.py", "--build", build, "--json", scratch / "formats.json", "--repeats", 1,
               "--python-onnxruntime", onnxruntime, "--python-litert", litert]
    few = ["--mnist", 50, "--cifar", 32, "--crops", 2, "--queries", 4]
    run(*formats, *few, "--pairs", "MnistFloatOpenVino:MnistBothOnnxRuntimeExecuTorch:MobileNetV1*r")
    result = json.loads((scratch / "formats.json").read_text())
    rows = {row["name"]: row for row in result["labels"]["pairs"]}
    must(len(rows) == 12 and all(row["unlike"] == 0 for name, row in rows.items() if "Float" in name), rows)
    must({row["compressed"]["runtime"].split()[0] for row in rows.values()} == {"OpenVINO", "ONNX", "ExecuTorch"}, rows)
    must(rows["MnistFloatOpenVino"]["images"] == 50 and rows["Cifar10Int8OnnxRuntime"]["images"] == 32, rows)
    searched = [(row["name"], row["seeds"]) for wanted in result["search"]["runs"] for row in wanted["pairs"]]
    must(sorted(searched) == 3 * [("MnistBothOnnxRuntimeExecuTorch", 50)] + 3 * [("MnistFloatOpenVino", 50)]
         + 3 * [("MobileNetV1Quarter", 2)], searched)
    # What was measured before stays where one part is measured again.
    run(*formats, *few, "--only", "process")
    again = json.loads((scratch / "formats.json").read_text())
    must(again["labels"] == result["labels"] and again["process"] != result["process"], again)

    refused = run(*formats, "--python-litert", "/none", status=2)
    must("there is no /none; install it with scripts/install-runtimes.sh --with litert" in refused, refused)

    tables = scratch / "RESULTS.md"
    tables.write_text("".join(f"<!-- begin formats_{part} -->\n<!-- end formats_{part} -->\n" for part in SECTIONS))
    for part in SECTIONS:
        run("/usr/bin/python3", source / "bench/write_results.py", f"formats_{part}", scratch / "formats.json", "--command", f"make {part}",
            "--file", tables)
    text = tables.read_text()
    for expected in ("| MnistInt8OpenVino | mnist_lenet5_int8.onnx | OpenVINO ", "| blend | MobileNetV1Quarter | OpenVINO ",
                     " | LiteRT ", "| Cifar10ExecuTorch | ", "| cifar10_resnet20.onnx | ONNX Runtime ", "`make worst`"):
        must(expected in text, f"{expected} is not in\n{text}")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
