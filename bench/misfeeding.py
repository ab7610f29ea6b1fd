#!/usr/bin/python3
"""Feeds every network of the shared data wrongly, and looks what dflare-test --dflare_examine says.

usage: misfeeding.py [--build build] [--json build/bench/misfeeding.json] [--images N] [--pairs PREFIX]...

Accuracies are over --images images. What must hold is checked at the end (exit status 1 where it does not): whatever costs the original half
its accuracy is refused or noted, and the right feeding passes in silence. Photographs are turned to BGR by python3-pil. Data are looked for as
everywhere: DFLARE_DATA, or ../shared.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import gate
import misfed


def networks(prefixes):
    """One pair for each original."""
    pairs = {}
    for pair in gate.shared_pairs():
        if not prefixes or pair["name"].startswith(tuple(prefixes)):
            pairs.setdefault(pair["original"], pair)
    return list(pairs.values())


def feedings(pair, folder, images):
    """(what, the pair fed so) of each."""
    kind = pair["kind"]
    yield "right", pair, gate.SEEDS[kind]
    for what, wrong in misfed.inputs(kind):
        yield what, {**pair, "input": wrong}, gate.SEEDS[kind]
    bgr = misfed.swapped_channels(kind, folder, images)
    if bgr:
        yield "channels swapped", pair, bgr
    yield "labels shifted", pair, misfed.shifted_labels(kind, folder, images)


def manifest(pair, seeds, count, folder):
    amount = {"sample": count} if pair["kind"] == "imagenet" else {"take": count}
    return gate.write_manifest(folder / "misfed.yaml", [{**gate.entry(pair, {}), "seeds": {**seeds, **amount}}])


def accuracy(program, file, folder):
    """Of the original; None where it cannot be run so."""
    done = gate.run([program, file, "--json", folder / "labels.json"], (0, 1, 2))
    if done.returncode != 0:
        return None
    return json.loads((folder / "labels.json").read_text())["pairs"][0]["original"]["accuracy"]


def examine(runner, file):
    """(exit status, errors, notes)"""
    done = subprocess.run([str(runner), str(file), "--dflare_examine"], capture_output=True, text=True)
    said = (done.stdout + done.stderr).replace(f"{gate.DATA / 'models'}/", "").replace(f"{file.parent}/", "")
    lines = [line.strip() for line in said.splitlines()]
    errors = [line.split("error: ", 1)[1] for line in lines if line.startswith("error: ")]
    if done.returncode != 0 and not errors:
        # A mistake of the manifest: its number on the first line, the mistake on the next.
        errors = [" ".join(lines)]
    return done.returncode, errors, [line.removeprefix("note: ") for line in lines if line.startswith("note: ")]


def measure(arguments, folder):
    build = arguments.build.resolve()
    for pair in networks(arguments.pairs):
        own = folder / pair["name"]
        own.mkdir()
        right = None
        for what, fed, seeds in feedings(pair, own, arguments.images):
            file = manifest(fed, seeds, arguments.images, own)
            status, errors, notes = examine(build / "gtest_plugin/dflare-test", file)
            row = {"network": pathlib.Path(pair["original"]).name, "feeding": what, "accuracy": accuracy(build / "bench/labels", file, own),
                   "status": status, "errors": errors, "notes": notes}
            right = right or row
            if right["accuracy"] is None:
                sys.exit(f"{row['network']} cannot be run at all, as it is to be fed: {row['errors']}")
            # What is said of the right feeding too tells nobody that this one is wrong.
            row["noticed"] = "refused" if status == 2 else "noted" if set(notes) - set(right["notes"]) else "no"
            row["costs_half"] = row["accuracy"] is None or row["accuracy"] <= right["accuracy"] / 2
            print(f"{row['network']}, {what}: {row['accuracy']}, {row['noticed']}", flush=True)
            yield row


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=gate.ROOT / "build")
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--images", type=int, default=300)
    parser.add_argument("--pairs", action="append", help="only those whose names begin so")
    arguments = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for row in measure(arguments, pathlib.Path(folder)):
            rows.append(row)
            gate.write(arguments.json or arguments.build / "bench/misfeeding.json",
                       {"bench": "misfeeding", "images": arguments.images, "rows": rows})
    missed = [r for r in rows if r["costs_half"] and r["noticed"] == "no"]
    alarms = [r for r in rows if r["feeding"] == "right" and (r["status"] != 0 or r["notes"])]
    for wrong, what in ((missed, "costs the original half its accuracy and is not noticed"), (alarms, "is fed rightly and not silent")):
        for row in wrong:
            print(f"DOES NOT HOLD: {row['network']}, {row['feeding']}: {what}: {row['errors'] + row['notes']}")
    return 1 if missed or alarms else 0


if __name__ == "__main__":
    sys.exit(main())
