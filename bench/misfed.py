"""Ways to feed a network wrongly: other inputs for the same images, other images, other labels."""

import gzip
import pathlib
import struct

import gate

RECORD = 3073  # bytes of an image of CIFAR-10: a label and three planes


def inputs(kind):
    """(what, the wrong input) of each mistake that a manifest can make."""
    right = gate.INPUTS[kind]
    without = {key: value for key, value in right.items() if key not in ("mean", "std", "range")}
    many = lambda value: value if isinstance(value, list) else [value]
    if "mean" in right:
        yield "no normalisation", without
        grey = {key: [255 * v for v in many(right[key])] for key in ("mean", "std")}
        yield "mean and std in grey levels", {**right, **grey}
    yield ("0..1 for 0..255", without) if "range" in right else ("0..255 for 0..1", {**right, "range": [0, 255]})
    yield "layout swapped", {**right, "layout": "nchw" if kind == "mlperf" else "nhwc"}


def cifar_records(count):
    data = (gate.DATA / "data/cifar10/test_batch.bin").read_bytes()[:count * RECORD]
    return [data[i:i + RECORD] for i in range(0, len(data), RECORD)]


def write_cifar(path, records):
    path.write_bytes(b"".join(records))
    return {"cifar10": str(path)}


def swapped_channels(kind, folder, count):
    """Seed inputs as RGB that are BGR; None: they have one channel."""
    if kind == "mnist":
        return None
    if kind != "imagenet":
        bgr = lambda r: r[:1] + r[2049:] + r[1025:2049] + r[1:1025]
        return write_cifar(folder / "bgr.bin", map(bgr, cifar_records(count)))
    from PIL import Image
    source = pathlib.Path(gate.SEEDS[kind]["folder"])
    for file in source.glob("*/*"):
        target = folder / "bgr" / file.parent.name / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            picture = Image.open(file).convert("RGB")
            Image.merge("RGB", picture.split()[::-1]).save(target, quality=95)
    return {**gate.SEEDS[kind], "folder": str(folder / "bgr")}


def shifted_labels(kind, folder, count):
    """Each class called by the number of the next."""
    if kind == "mnist":
        with gzip.open(gate.SEEDS[kind]["labels"]) as file:
            magic, _ = struct.unpack(">II", file.read(8))
            labels = file.read()
        shifted = struct.pack(">II", magic, len(labels)) + bytes((label + 1) % 10 for label in labels)
        (folder / "labels").write_bytes(shifted)
        return {**gate.SEEDS[kind], "labels": str(folder / "labels")}
    if kind != "imagenet":
        return write_cifar(folder / "shifted.bin", (bytes([(r[0] + 1) % 10]) + r[1:] for r in cifar_records(count)))
    classes = sorted(p for p in pathlib.Path(gate.SEEDS[kind]["folder"]).iterdir() if p.is_dir())
    for place, source in zip(classes[1:] + classes[:1], classes):
        target = folder / "shifted" / place.name
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            target.symlink_to(source)
    return {**gate.SEEDS[kind], "folder": str(folder / "shifted")}
