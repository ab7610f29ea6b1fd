#!/usr/bin/env python3
"""Measures the HTML report of many findings: its size, and how long a headless Chromium takes to show its first cards.

usage: report.py [--findings 5000] [--repeats 5] [--program build/tools/dflare-report] [--work build/bench/report] [--json build/bench/report.json]

The findings are made of the CIFAR-10 test images of the data folder (DFLARE_DATA, default ../shared), moved, with another contrast, and
every other one with noise; the scores are made up. Needs Debian's package chromium, and Python's standard library.
"""

import argparse
import json
import os
import pathlib
import platform
import random
import shutil
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "report"))
import devtools  # noqa: E402
import made_findings  # noqa: E402

SIDE, RECORD = 32, 3073
# Sets window.firstCards once the cards in sight have all their pictures and a frame with them was drawn.
WATCH = """
const watch = () => {
  const images = [...document.querySelectorAll('.card img')];
  if (images.length === 0 || !images.every((image) => image.complete && image.naturalWidth > 0)) return requestAnimationFrame(watch);
  requestAnimationFrame(() => setTimeout(() => { window.firstCards = performance.now(); }));
};
requestAnimationFrame(watch);
"""
# Scrolls as a wheel does, 120 pixels a frame, from the first cards on; the times between frames.
SCROLL = """new Promise((done) => {
  const times = [], steps = 120;
  let step = 0, last = performance.now();
  byId("filters").scrollIntoView();
  const next = (now) => {
    times.push(now - last);
    last = now;
    if (step++ > steps) return done(times.slice(1));
    scrollBy(0, 120);
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
})"""


def images(count):
    data = pathlib.Path(os.environ.get("DFLARE_DATA") or ROOT.parent / "shared").resolve() / "data" / "cifar10" / "test_batch.bin"
    if not data.is_file():
        sys.exit(f"report.py: there is no '{data}'; name the folder of the data in DFLARE_DATA")
    records = data.read_bytes()
    count = min(count, len(records) // RECORD)
    plane = SIDE * SIDE
    for i in range(count):
        record = records[i * RECORD:(i + 1) * RECORD]
        planes = [record[1 + c * plane:1 + (c + 1) * plane] for c in range(3)]
        yield record[0], bytes(value for pixel in zip(*planes) for value in pixel)


def mutant(rng, seed, noisy):
    """Moved by a pixel or two, with another contrast and light."""
    row, right, down = 3 * SIDE, rng.randrange(3), rng.randrange(3)
    lines = [seed[y * row:(y + 1) * row] for y in range(SIDE)]
    lines = [lines[0]] * down + lines[:SIDE - down]
    lines = [line[:3] * right + line[:row - 3 * right] for line in lines]
    contrast, light = rng.uniform(0.85, 1.2), rng.uniform(-10, 10)
    table = bytes(max(0, min(255, round((v - 128) * contrast + 128 + light))) for v in range(256))
    pixels = b"".join(lines).translate(table)
    return bytes(max(0, min(255, v + int(rng.gauss(0, 6)))) for v in pixels) if noisy else pixels


def make_findings(folder, count):
    rng = random.Random(1)
    rows = [(f"test_batch/{i}", label, seed, mutant(rng, seed, i % 2 == 1)) for i, (label, seed) in enumerate(images(count))]
    made_findings.write_run(folder, rows, original="cifar10_resnet20.pt", compressed="cifar10_resnet20_w4.pt", every_as_it_is=50, name="images of test_batch.bin")
    return len(rows)


def measure(chromium, url, repeats):
    first_cards, filtering = [], []
    for repeat in range(repeats):
        with devtools.Browser(chromium) as browser:  # a new one, which has nothing of the file in a cache
            version = browser.command("Browser.getVersion")["product"]
            browser.open(url, WATCH)
            browser.wait_for("window.firstCards")
            first_cards.append(browser.evaluate("window.firstCards") / 1000)
            filtering.append(browser.evaluate("(() => { const t = performance.now(); byId('margin').value = '0.5'; update(); document.body.offsetHeight; return performance.now() - t; })()"))
            browser.evaluate("byId('reset').click()")
            cards = browser.evaluate("document.querySelectorAll('.card').length")
            if repeat + 1 == repeats:
                frames = sorted(browser.evaluate(SCROLL))
    return {"browser": version, "first_cards_seconds": statistics.median(first_cards), "first_cards_seconds_each": first_cards,
            "cards_at_once": cards, "filter_milliseconds": statistics.median(filtering), "frame_milliseconds_median": statistics.median(frames),
            "frame_milliseconds_95": frames[int(0.95 * len(frames))], "frame_milliseconds_worst": frames[-1]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--findings", type=int, default=5000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "build" / "tools" / "dflare-report")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build" / "bench" / "report")
    parser.add_argument("--json", type=pathlib.Path, default=ROOT / "build" / "bench" / "report.json")
    arguments = parser.parse_args()
    chromium = devtools.find_chromium()
    if chromium is None:
        sys.exit("report.py: chromium is not installed; apt-get install chromium")

    shutil.rmtree(arguments.work, ignore_errors=True)
    arguments.work.mkdir(parents=True)
    count = make_findings(arguments.work / "Cifar10W4", arguments.findings)
    page = arguments.work / "report.html"
    begin = time.monotonic()
    subprocess.run([str(arguments.program), str(arguments.work / "Cifar10W4"), "-o", str(page)], check=True)
    made = time.monotonic() - begin
    result = {"findings": count, "file_bytes": page.stat().st_size, "made_in_seconds": made, "cores": os.cpu_count(), "machine": platform.machine(),
              **measure(chromium, devtools.file_url(page), arguments.repeats)}
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
