"""The float arrays inside an .onnx file, found by the wire format of protocol buffers alone, so that no package is needed."""

import math
import struct

MODEL_GRAPH, GRAPH_INITIALIZER = 7, 5
TENSOR_DIMS, TENSOR_TYPE, TENSOR_NAME, TENSOR_RAW_DATA = 1, 2, 8, 9
FLOAT = 1


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return value, at


def fields(data, begin, end):
    """(number, value, begin, end) of each field: value of a number, else the place of its bytes."""
    at = begin
    while at < end:
        key, at = varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, at = varint(data, at)
            yield number, value, None, None
        elif kind in (1, 5):
            at += 8 if kind == 1 else 4
        elif kind == 2:
            size, at = varint(data, at)
            yield number, None, at, at + size
            at += size
        else:
            raise SystemExit(f"an .onnx file with a field of wire type {kind}, which has none; is it damaged?")


def dimensions(data, begin, end):
    """Packed: one after another."""
    while begin < end:
        value, begin = varint(data, begin)
        yield value


def float_arrays(data):
    """(name, shape, place of its bytes) of each initializer of 32-bit floats that is inside the file."""
    for number, _, begin, end in fields(data, 0, len(data)):
        if number != MODEL_GRAPH:
            continue
        for number, _, first, last in fields(data, begin, end):
            if number != GRAPH_INITIALIZER:
                continue
            shape, kind, name, raw = [], None, "", None
            for number, value, a, b in fields(data, first, last):
                if number == TENSOR_DIMS:
                    shape += [value] if a is None else list(dimensions(data, a, b))
                elif number == TENSOR_TYPE:
                    kind = value
                elif number == TENSOR_NAME:
                    name = bytes(data[a:b]).decode()
                elif number == TENSOR_RAW_DATA:
                    raw = (a, b)
            if kind == FLOAT and raw and raw[1] - raw[0] == struct.calcsize("f") * math.prod(shape):
                yield name, shape, raw
