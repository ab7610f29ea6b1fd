"""Serves a classifier to dflare: the far end of its process backend, in one file without dependencies.

    import dflare_serve
    dflare_serve.serve(predict, runtime="My Runtime 1.0", height=32, width=32, channels=3)

Copy this file beside your own, and give the command to dflare: process: [python3, my_model.py, model.file].
The protocol is described in dflare's docs/process.md. Python 3.8 or newer; arrays are NumPy's where NumPy is installed.
"""
import array
import hashlib
import itertools
import json
import mmap
import os
import select
import socket
import sys
import threading
import traceback

try:
    import numpy
except ImportError:
    numpy = None

PROTOCOL = 1
CONNECTION, MEMORY = 3, 4  # descriptors that dflare gives us
FORMATS = {"float32": ("f", 4), "uint8": ("B", 1), "int8": ("b", 1)}


def serve(predict, *, runtime, element="float32", scale=0.0, zero_point=0, layout="nhwc", height=0, width=0, channels=0,
          most_images=0, output="auto", classes=0, score_step=0.0, file=""):
    """Answers for a model until dflare asks no more.

    predict      gets a batch of images, N x H x W x C (nhwc) or N x C x H x W (nchw), and returns N rows of scores. The batch is a
                 NumPy array, without NumPy a memoryview; it is valid during the call. An exception is the failure of that batch.
    runtime      name and version of what runs the model; findings record it.
    element      of the batch: "float32", prepared as dflare's input specification says; "uint8" and "int8", the same quantised by
                 scale and zero_point, or, where scale is 0 (not known), pixels and pixels - 128.
    height, width, channels, most_images   what the model takes at once; 0: any, as the input specification says.
    output       of predict: "logits", "probabilities" or "sigmoid" (0 to 1 for each class by itself); "auto": dflare finds out.
    classes      number of scores a row; 0: as many as the first answer has.
    score_step   of a model of 8-bit scores: the step between two of them.
    file         the model file; its SHA-256 goes into findings.
    """
    if os.environ.get("DFLARE_PROTOCOL") != str(PROTOCOL):
        sys.exit("This program answers for a model when dflare starts it; in a manifest: process: [python3, ...].\n"
                 f"It speaks version {PROTOCOL} of the protocol; DFLARE_PROTOCOL is {os.environ.get('DFLARE_PROTOCOL', 'not set')}.")
    sys.stdout = sys.stderr
    connection = socket.socket(fileno=CONNECTION)
    threading.Thread(target=_end_with_dflare, daemon=True).start()
    _send(connection, {
        "dflare": PROTOCOL, "runtime": runtime, "output": output, "score_step": score_step, "file": os.fsencode(file).decode(errors="replace"),
        "sha256": _sha256(file) if file else "",
        "input": {"element": element, "layout": layout, "height": height, "width": width, "channels": channels,
                  "most_images": most_images, **({"scale": float(scale), "zero_point": int(zero_point)} if scale else {})},
        **({"classes": classes} if classes else {})})
    memory = None
    for line in connection.makefile("rb"):
        request = json.loads(line)
        if memory is None or len(memory) < request["memory"]:
            memory = mmap.mmap(MEMORY, request["memory"])
        try:
            answer = {"scores": _write(predict(_batch(memory, request, element, layout)), memory, request)}
        except Exception as failure:  # the batch's, not the end of the model
            traceback.print_exc()
            answer = {"error": f"{type(failure).__name__}: {failure}"[:4000]}
        _send(connection, {"batch": request["batch"], **answer})


def _batch(memory, request, element, layout):
    code, size = FORMATS[element]
    sides = [request["height"], request["width"]]
    shape = [request["predict"]] + (sides + [request["channels"]] if layout == "nhwc" else [request["channels"]] + sides)
    values = shape[0] * shape[1] * shape[2] * shape[3]
    begin = request["images_at"]
    if numpy:
        return numpy.frombuffer(memory, code, values, begin).reshape(shape)
    return memoryview(memory)[begin:begin + values * size].cast(code, shape)


def _write(rows, memory, request):
    """Leaves out rows for which dflare made no room: it says what is wrong with their number."""
    begin = request["scores_at"]
    room = (request["memory"] - begin) // 4
    if numpy:
        rows = numpy.asarray(rows, numpy.float32)
        if rows.size == 0:
            return [0, 0]
        if rows.ndim != 2:
            raise ValueError(f"predict returned an array of {rows.ndim} dimensions, expected images x classes (one score an image: N x 1)")
        count, classes = rows.shape
        if rows.size <= room:
            numpy.frombuffer(memory, numpy.float32, rows.size, begin)[:] = rows.ravel()
        return [count, classes]
    rows = [list(row) for row in rows]
    count, classes = len(rows), len(rows[0]) if rows else 0
    if any(len(row) != classes for row in rows):
        raise ValueError("predict returned rows of different lengths")
    if count * classes <= room:
        memoryview(memory)[begin:begin + 4 * count * classes].cast("f")[:] = array.array("f", itertools.chain(*rows))
    return [count, classes]


def _send(connection, message):
    connection.sendall(json.dumps(message).encode() + b"\n")


def _end_with_dflare():
    """Also where predict never returns."""
    gone = select.poll()
    gone.register(CONNECTION, 0)
    gone.poll()
    os._exit(0)


def _sha256(path):
    with open(path, "rb") as model:
        digest = hashlib.sha256()
        for part in iter(lambda: model.read(1 << 20), b""):
            digest.update(part)
    return digest.hexdigest()
