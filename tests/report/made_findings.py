"""Folders of findings made up, as dflare writes them, with Python's standard library alone."""

import json
import pathlib
import random
import struct
import zlib


def png(width, height, channels, pixels):
    """The bytes of a PNG of 8-bit pixels, rows from the top, channels interleaved."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = width * channels
    # Filter 1: each byte less its left neighbour's, which is what makes photographs smaller.
    lines = b"".join(
        b"\1" + bytes((line[i] - (line[i - channels] if i >= channels else 0)) & 255 for i in range(row))
        for line in (pixels[y * row:(y + 1) * row] for y in range(height)))
    header = struct.pack(">IIBBBBB", width, height, 8, 0 if channels == 1 else 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b"")


def model(file, channels, side):
    return {"file": file, "name": "", "sha256": f"{hash_of(file):064x}", "backend": "TorchScript", "runtime": "LibTorch 1.13.0", "device": "cpu",
            "engine": "", "input": {"size": [side, side], "resize": False, "channels": channels, "low": 0.0, "high": 1.0, "mean": [], "stddev": [],
                                    "layout": "nchw", "output": "logits"}}


def hash_of(text):
    return int.from_bytes(zlib.crc32(text.encode()).to_bytes(4, "big") * 8, "big")


def scores(rng, label, top):
    rest = [rng.random() ** 4 for _ in range(10)]
    rest[label] = 0
    scale = (1 - top) / sum(rest)
    values = [value * scale for value in rest]
    values[label] = top
    return values


def answer(values):
    label = max(range(10), key=values.__getitem__)
    return {"label": label, "labels": [label], "scores": values}


def true_class(position, labels):
    """Most often what the original says, at times what the compressed model does, or neither."""
    if position % 5 == 4:
        return labels[1]
    return next(c for c in range(10) if c not in labels) if position % 7 == 6 else labels[0]


def finding(rng, seed_id, position, labels, as_it_is, distances, pair):
    original = answer(scores(rng, labels[0], 0.55 + 0.44 * rng.random()))
    compressed = answer(scores(rng, labels[1], 0.55 + 0.44 * rng.random()))
    a, b = original["label"], compressed["label"]
    margin = min(original["scores"][a] - original["scores"][b], compressed["scores"][b] - compressed["scores"][a])
    turned = 0 if as_it_is else rng.uniform(-9, 9)
    return {"dflare_finding": 2, "seed": {"id": seed_id, "position": position, "label": true_class(position, labels)}, "as_it_is": as_it_is,
            "queries": 0 if as_it_is else 1 + int(rng.expovariate(0.12)), "gradients": 0, "paths": 0 if as_it_is else 1 + int(rng.expovariate(0.5)),
            "margin": margin, "original": original, "compressed": compressed, "history": [] if as_it_is else [{"operator": "rotate", "strength": turned, "unit": "degrees"}],
            "transformation": None if as_it_is else {"rotate": turned, "right": 1.25, "down": -0.5, "scale": 1.05, "shear": 0, "contrast": 1.1,
                                                     "brightness": 3.0, "dither": 0},
            "distances": dict(zip(("l2", "l_inf", "ssim"), distances)), "difference_gain": 127 / distances[1] if distances[1] else 1,
            "options": pair["options"], "models": pair["models"]}


def write_run(folder, pictures, original="original.pt", compressed="compressed.pt", channels=3, side=32, every_as_it_is=12, name="images", rng_seed=1, remarks=()):
    """One finding each of `pictures`: (seed id, label, seed pixels, mutant pixels). The pictures are square."""
    folder = pathlib.Path(folder)
    rng = random.Random(rng_seed)
    pair = {"options": {"strategy": "boundary", "queries": "100", "rng_seed": "1"},
            "models": {"original": model(original, channels, side), "compressed": model(compressed, channels, side)}}
    as_it_is_in_all = 0
    right = {"original": 0, "compressed": 0, "neither": 0}
    for position, (seed_id, label, seed, mutant) in enumerate(pictures):
        as_it_is = position % every_as_it_is == every_as_it_is - 1
        as_it_is_in_all += as_it_is
        mutant = seed if as_it_is else mutant
        differences = [abs(m - s) for m, s in zip(mutant, seed)]
        distances = (sum(d * d for d in differences) ** 0.5, float(max(differences)), 1.0 if as_it_is else 0.2 + 0.7 * rng.random())
        labels = (label, (label + 1 + int(rng.random() * 9)) % 10)
        right[{labels[0]: "original", labels[1]: "compressed"}.get(true_class(position, labels), "neither")] += 1
        own = folder / seed_id.replace("/", "%2F")
        own.mkdir(parents=True)
        (own / "seed.png").write_bytes(png(side, side, channels, seed))
        (own / "mutant.png").write_bytes(png(side, side, channels, mutant))
        (own / "difference.png").write_bytes(png(side, side, channels, bytes(128 for _ in seed)))
        (own / "finding.json").write_text(json.dumps(finding(rng, seed_id, position, labels, as_it_is, distances, pair)))
    found = len(pictures) - as_it_is_in_all
    run = {"dflare_run": 1, "dflare": "0.1.0", "started": "2026-01-01T00:00:00Z", "finished": "2026-01-01T00:00:09Z",
           "seeds": {"name": name, "size": len(pictures) + 10},
           "models": {which: {"path": which, **record} for which, record in pair["models"].items()}, "options": pair["options"],
           "outcomes": {"as it is": as_it_is_in_all, "found": found, "not found": 10, "partly searched": 0, "not begun": 0, "error": 0, "skipped": 0},
           "seeds_as_they_are": {"evaluated": len(pictures) + 10, "agreed": len(pictures) + 10 - as_it_is_in_all, "labelled": len(pictures) + 10,
                                 "original_right": len(pictures) + 8, "compressed_right": len(pictures) + 5},
           "deviations": {"labelled": len(pictures), **{f"{which}_right": n for which, n in right.items()}},
           "remarks": list(remarks)}
    (folder / "run.json").write_text(json.dumps(run))
