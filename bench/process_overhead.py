#!/usr/bin/env python3
"""What a process costs beside its runtime: one ONNX file under ONNX Runtime, called in this Python, and by dflare's process backend.

usage: process_overhead.py PREDICT_TIME MANIFEST PAIR MODEL.onnx CIFAR10.bin [--batches 16] [--batch 32] [--repeats 9] [--json FILE]

The Python that runs this needs ONNX Runtime. Both take turns: in each repeat all batches once here, then once in PREDICT_TIME, which
evaluates the compressed model of the pair; the seed inputs and the batch of the pair are to be the same. Here the batches are ready as
float tensors; there they are 8-bit images, whose conversion is part of the time.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import time

import numpy
import onnxruntime

MEAN, STD = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
SIDE, CHANNELS = 32, 3


def batches_of(path, count, size):
    rows = numpy.fromfile(path, numpy.uint8).reshape(-1, 1 + CHANNELS * SIDE * SIDE)[:count * size, 1:]
    pixels = rows.reshape(-1, CHANNELS, SIDE, SIDE).astype(numpy.float32) / 255
    mean, std = (numpy.array(values, numpy.float32).reshape(CHANNELS, 1, 1) for values in (MEAN, STD))
    return numpy.split(numpy.ascontiguousarray((pixels - mean) / std), count)


def open_session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def directly(session, batches):
    name = session.get_inputs()[0].name
    begin = time.perf_counter()
    for batch in batches:
        session.run(None, {name: batch})
    return time.perf_counter() - begin


def by_process(program):
    program.stdin.write("again\n")
    program.stdin.flush()
    line = program.stdout.readline()
    if not line:
        raise SystemExit(f"predict_time ended with exit status {program.wait()}")
    return float(line)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("predict_time", "manifest", "pair", "model", "images"):
        parser.add_argument(name)
    parser.add_argument("--batches", type=int, default=16)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--json")
    arguments = parser.parse_args()
    session = open_session(arguments.model)
    batches = batches_of(arguments.images, arguments.batches, arguments.batch)
    direct, process = [], []
    with subprocess.Popen([arguments.predict_time, arguments.manifest, arguments.pair], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as program:
        directly(session, batches), by_process(program)  # warms both up
        for _ in range(arguments.repeats):
            direct.append(directly(session, batches))
            process.append(by_process(program))
        program.stdin.close()
    ratios = [theirs / ours for ours, theirs in zip(direct, process)]
    result = {"pair": arguments.pair, "model": pathlib.Path(arguments.model).name,
              "runtime": f"ONNX Runtime {onnxruntime.__version__}", "batch": arguments.batch, "batches": arguments.batches,
              "direct_seconds": direct, "process_seconds": process, "ratio": statistics.median(ratios)}
    print(f"process / called directly: {result['ratio']:.3f} (median of {len(ratios)}, {min(ratios):.3f} to {max(ratios):.3f})")
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
