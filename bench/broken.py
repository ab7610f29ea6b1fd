#!/usr/bin/python3
"""Breaks compressions in every way that one can, and looks whether everyday() sees it.

usage: broken.py [--build build] [--json build/bench/broken.json] [--mnist N] [--cifar N] [--images N] [--few-layers] [--only MODEL]...

Broken copies of LeNet-5, ResNet-20 and LeNet-5 as .onnx are tested against their originals, and every pair of the shared data of
these kinds beside them: accuracy lost and label agreement over --images test images, the rate of everyday() and the mean worst regret over
--mnist and --cifar of them. What must hold is checked at the end; exit status 1 where something does not. Runs with the python3 of
Debian's python3-torch. Data are looked for as everywhere: DFLARE_DATA, or ../shared.
"""

import argparse
import pathlib
import sys
import tempfile

import gate
from broken_models import SCALINGS, write_broken
from rank_correlation import spearman

MODELS = {
    "LeNet-5": ("mnist", "mnist_lenet5.pt"),
    "ResNet-20": ("cifar", "cifar10_resnet20.pt"),
    "LeNet-5, ONNX": ("mnist", "mnist_lenet5.onnx"),
}
COSTS = 0.03  # of accuracy: what costs as much has to fail


def pairs_of(arguments, folder):
    models = gate.DATA / "models"
    pairs = []
    for group in arguments.only or MODELS:
        kind, file = MODELS[group]
        for number, (what, broken) in enumerate(write_broken(models / file, folder, not arguments.few_layers)):
            pairs.append(gate.pair(f"{file.replace('.', '_')}_{number}", kind, models / file, broken, group=group, what=what))
        for honest in gate.shared_pairs():
            if pathlib.Path(honest["original"]).name == file:
                pairs.append({**honest, "group": group, "what": pathlib.Path(honest["compressed"]).name, "honest": True})
    return pairs


def row_of(pair, labels, everyday, worst):
    refused = everyday["error"]
    accuracy = [labels[side]["accuracy"] for side in ("original", "compressed")]
    return {
        "name": pair["name"], "group": pair["group"], "what": pair["what"], "honest": pair.get("honest", False),
        "accuracy": accuracy[1], "lost": accuracy[0] - accuracy[1], "unlike": labels["unlike"], "images": labels["images"],
        "refused": refused, "passes": everyday["passes"],
        "rate": None if refused else everyday["rate"],
        "mean_worst_regret": None if refused else worst["mean_worst_regret"],
    }


def corpus_of_a_dead_model(runner, folder):
    """What the corpus of LeNet-5 with 4-bit weights says once the compressed model is dead; deviate and fixed are None where that is refused."""
    models = gate.DATA / "models"
    flags = (f"--dflare_corpus={folder / 'corpus'}",)
    entry = lambda compressed: [gate.entry(gate.pair("W4", "mnist", models / "mnist_lenet5.pt", compressed), {"take": 100},
                                           preset="everyday", expect={"deviation_rate_le": gate.GATE})]
    kept = gate.search(runner, folder, entry(models / "mnist_lenet5_w4.pt"), *flags)["W4"]["corpus"]["added"]
    dead = next(file for what, file in write_broken(models / "mnist_lenet5.pt", folder) if what == "dead")
    after = gate.search(runner, folder, entry(dead), *flags, "--dflare_corpus_mode=replay-only")["W4"]
    corpus = after["corpus"] or {}
    return {"kept": kept, "refused": after["error"], "passes": after["passes"], "deviate": corpus.get("deviate"), "fixed": corpus.get("fixed")}


def checks(rows, corpus):
    """(what must hold, whether it does, what breaks it)."""
    costly = [r for r in rows if r["lost"] >= COSTS]
    harmless = [r for r in rows if r["unlike"] == 0 and not r["honest"]]
    searched = [r for r in rows if not r["refused"]]
    correlation = spearman([r["mean_worst_regret"] for r in searched], [r["lost"] for r in searched])
    names = lambda wrong: ", ".join(f"{r['group']}: {r['what']}" for r in wrong)
    passed, failed = [r for r in costly if r["passes"]], [r for r in harmless if not r["passes"]]
    yield f"all {len(costly)} that cost {COSTS:.0%} of accuracy or more fail everyday() at {gate.GATE:.0%}", not passed, names(passed)
    yield f"none of the {len(harmless)} that change no label fails", not failed, names(failed)
    yield (f"mean worst regret and accuracy lost correlate over {len(searched)} (Spearman {correlation:.3f})", correlation >= 0.9,
           "expected 0.9 or more")
    scaled = {r["what"] for r in rows if r["unlike"] == 0}
    lacking = [what for what in SCALINGS if what not in scaled]
    yield "logits divided and multiplied by 20 change no label", not lacking, ", ".join(lacking)
    yield (f"the corpus of a pair ({corpus['kept']} findings) is not fixed by a dead model", corpus["kept"] > 0 and not corpus["fixed"]
           and not corpus["passes"], str(corpus))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=gate.ROOT / "build")
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--mnist", type=int, default=300, help="seed inputs")
    parser.add_argument("--cifar", type=int, default=150)
    parser.add_argument("--images", type=int, default=1000, help="for accuracy and agreement")
    parser.add_argument("--few-layers", action="store_true", help="only the first, a middle and the last layer zero and shuffled")
    parser.add_argument("--only", action="append", choices=list(MODELS))
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    runner = build / "gtest_plugin/dflare-test"
    takes = {"mnist": arguments.mnist, "cifar": arguments.cifar}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        pairs = pairs_of(arguments, folder)
        print(f"{len(pairs)} pairs", flush=True)
        labels = gate.labels(build / "bench/labels", folder, pairs, dict.fromkeys(takes, arguments.images))
        print("labels compared", flush=True)
        everyday = gate.everyday(runner, folder, pairs, takes)
        print("everyday() done", flush=True)
        worst = gate.worst(runner, folder, pairs, takes)
        rows = [row_of(p, labels[p["name"]], everyday[p["name"]], worst[p["name"]]) for p in pairs]
        corpus = corpus_of_a_dead_model(runner, folder)
    machine = next(iter(everyday.values()))["machine"]
    results = [{"holds": what, "does": does, "but": "" if does else but} for what, does, but in checks(rows, corpus)]
    gate.write(arguments.json or build / "bench/broken.json",
               {"bench": "broken", "runtime": next(iter(everyday.values()))["runtime"], "machine": machine, "seeds": takes, "rows": rows,
                "corpus": corpus, "checks": results})
    for result in results:
        print(f"{'holds' if result['does'] else 'DOES NOT HOLD'}: {result['holds']}{': ' + result['but'] if result['but'] else ''}")
    return 0 if all(result["does"] for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
