#!/usr/bin/env python3
"""Checks findings without dflare: one image at a time, from PNG and JSON alone, in Python's LibTorch.

usage: check_findings.py FOLDER...

Every folder under FOLDER that holds a finding.json is evaluated again with the models named in the run.json beside it. A finding
holds if both models give the labels that were recorded, the compressed model says what the original does not, and regret and margin are
the recorded ones within 1e-4; findings of a criterion that says nothing of labels do not. Exit status: 0 all hold, 1 some do not, 2 nothing to check or a file is missing.
"""

import hashlib
import json
import pathlib
import sys

import numpy as np
import torch
from PIL import Image

TOLERANCE = 1e-4


class LoadedModel:
    def __init__(self, path, record):
        digest = hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()
        if digest != record["sha256"]:
            raise ValueError(f"{path} is not the file that was searched: its SHA-256 differs from finding.json's")
        if record["engine"]:
            torch.backends.quantized.engine = record["engine"]
        self.engine = record["engine"]
        self.module = torch.jit.load(str(path), map_location="cpu").eval()
        self.input = record["input"]

    def probabilities(self, pixels):
        spec = self.input
        image = pixels if pixels.ndim == 3 else pixels[:, :, None]
        channels = image.shape[2]

        def per_channel(values, default):
            values = np.array(values or [default], dtype=np.float32)
            return np.broadcast_to(values, (channels,))

        low, high = np.float32(spec["low"]), np.float32(spec["high"])
        values = low + image.astype(np.float32) / np.float32(255) * (high - low)
        values = (values - per_channel(spec["mean"], 0)) / per_channel(spec["stddev"], 1)
        tensor = torch.from_numpy(np.ascontiguousarray(values))
        if spec["layout"] == "nchw":
            tensor = tensor.permute(2, 0, 1).contiguous()
        if self.engine:
            torch.backends.quantized.engine = self.engine
        with torch.no_grad(), torch.jit.optimized_execution(False):
            answer = self.module(tensor.unsqueeze(0))
        answer = answer.float()
        logits = spec["output"] == "logits"
        if spec["output"] == "auto":  # the pair was not examined
            logits = bool((answer < 0).any()) or abs(float(answer.sum()) - 1) > 1e-3
        return (torch.softmax(answer, 1) if logits else answer)[0].numpy()


def labels_of(scores):
    return set(np.flatnonzero(scores == scores.max()).tolist())


def margin_of(original, compressed):
    """The smallest lead of either model's own labels over the other's."""
    a, b = sorted(labels_of(original)), sorted(labels_of(compressed))
    return min(original.max() - original[b].max(), compressed.max() - compressed[a].max())


def regret_of(original, compressed):
    """How much the original prefers its own label over what the compressed model says, tied labels counted."""
    return original.max() - original[sorted(labels_of(compressed))].min()


def problems_of(folder, models):
    finding = json.loads((folder / "finding.json").read_text())
    run = json.loads((folder.parent / "run.json").read_text())
    with Image.open(folder / "mutant.png") as file:
        pixels = np.array(file)
    scores = {}
    for which in ("original", "compressed"):
        record = finding["models"][which]
        key = (run["models"][which]["path"], json.dumps(record, sort_keys=True))
        if key not in models:
            models[key] = LoadedModel(key[0], record)
        scores[which] = models[key].probabilities(pixels)
        labels = labels_of(scores[which])
        if labels != set(finding[which]["labels"]):
            yield f"{which} says {sorted(labels)}, recorded was {finding[which]['labels']}"
    regret = float(regret_of(scores["original"], scores["compressed"]))
    if regret <= 0:
        yield "no deviation: the compressed model says nothing else than the original"
    margin = float(margin_of(scores["original"], scores["compressed"]))
    for name, figure in (("regret", regret), ("margin", margin)):
        recorded = finding.get(name, figure)  # older findings have no regret
        if abs(figure - recorded) > TOLERANCE:
            yield f"{name} {figure:.6f}, recorded was {recorded:.6f}"


def main(roots):
    torch.set_num_threads(1)
    folders = sorted(path.parent for root in roots for path in pathlib.Path(root).rglob("finding.json"))
    if not folders:
        print("no finding.json under " + ", ".join(roots), file=sys.stderr)
        return 2
    models, failed = {}, 0
    for folder in folders:
        try:
            problems = list(problems_of(folder, models))
        except (OSError, ValueError, KeyError) as error:
            print(f"{folder}: {error}", file=sys.stderr)
            return 2
        failed += bool(problems)
        for problem in problems:
            print(f"{folder}: {problem}")
    print(f"{len(folders) - failed} of {len(folders)} findings hold in LibTorch {torch.__version__} from Python")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        print(__doc__.strip())
        sys.exit(0 if sys.argv[1:] in (["-h"], ["--help"]) else 2)
    sys.exit(main(sys.argv[1:]))
