#!/usr/bin/python3
"""Cuts crops out of photographs, as an image classifier is shown them: squares of 75 to 100 % of the shorter side at random places,
always the same ones, shrunk by area to a model's size (bilinear where they are enlarged).

usage: crops.py PHOTOGRAPHS OUT [--each 5] [--sizes 128,160,224]

Writes OUT/SIZE/NAME_N.png. Needs Pillow (on Debian: python3-pil).
"""

import argparse
import pathlib
import random

from PIL import Image

KINDS = {".bmp", ".jpg", ".png"}


def squares(photograph, each, rng):
    shorter = min(photograph.size)
    for _ in range(each):
        side = round(shorter * rng.uniform(0.75, 1))
        left, top = (rng.randint(0, length - side) for length in photograph.size)
        yield photograph.crop((left, top, left + side, top + side))


def resized(square, size):
    return square.resize((size, size), Image.BOX if size <= square.width else Image.BILINEAR)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photographs", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--each", type=int, default=5)
    parser.add_argument("--sizes", default="128,160,224")
    arguments = parser.parse_args()
    sizes = [int(size) for size in arguments.sizes.split(",")]
    files = sorted(path for path in arguments.photographs.iterdir() if path.suffix.lower() in KINDS)
    if not files:
        parser.error(f"{arguments.photographs} holds no photograph ({', '.join(sorted(KINDS))})")
    rng = random.Random(1)
    for size in sizes:
        (arguments.out / str(size)).mkdir(parents=True, exist_ok=True)
    for path in files:
        for number, square in enumerate(squares(Image.open(path).convert("RGB"), arguments.each, rng)):
            for size in sizes:
                resized(square, size).save(arguments.out / str(size) / f"{path.stem}_{number}.png")


if __name__ == "__main__":
    main()
