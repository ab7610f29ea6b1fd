#!/usr/bin/env python3
"""Writes a section of bench/RESULTS.md from a results file of dflare-test (--dflare_json).

usage: write_results.py SECTION RESULT.json... --command "COMMAND" [--file RESULTS.md]

The section stands between two marker comments and is replaced as a whole; the rest of the file stays. Several result files (of
shards) are put together in their order.
"""

import argparse
import json
import pathlib
import re
import subprocess

COLUMNS = [
    ("pair", lambda r: r["name"]),
    ("seeds", lambda r: str(r["seeds"])),
    ("as it is", lambda r: str(r["outcomes"]["as_it_is"])),
    ("found", lambda r: str(r["outcomes"]["found"])),
    ("rate", lambda r: f"{100 * r['rate']:.1f} %"),
    ("queries, median", lambda r: f"{r['median_queries']:g}"),
    ("mean", lambda r: f"{r['mean_queries']:.1f}"),
    ("in all / found", lambda r: f"{r['queries_per_found']:.1f}"),
    ("confirmations", lambda r: f"{r['confirmations']}"),
    ("refuted", lambda r: f"{r['refuted']}"),
    ("wall s", lambda r: f"{r['wall_seconds']:.1f}"),
    ("inference share", lambda r: f"{100 * r['inference_seconds'] / (r['wall_seconds'] * r['workers']):.0f} %"),
    ("L2", lambda r: f"{r['mean_l2']:.0f}"),
    ("L-inf", lambda r: f"{r['mean_l_inf']:.0f}"),
    ("SSIM", lambda r: f"{r['mean_ssim']:.2f}"),
    ("margin", lambda r: f"{r['mean_margin']:.3f}"),
]


def table(rows):
    yield "| " + " | ".join(name for name, _ in COLUMNS) + " |"
    yield "| " + " | ".join(["---"] + ["---:"] * (len(COLUMNS) - 1)) + " |"
    for row in rows:
        yield "| " + " | ".join(cell(row) for _, cell in COLUMNS) + " |"


def commit():
    git = lambda *args: subprocess.run(["git", *args], capture_output=True, text=True, check=True).stdout.strip()
    changed = git("status", "--porcelain", "--untracked-files=no", "--", ":!bench/RESULTS.md")
    return git("rev-parse", "--short", "HEAD") + (" with uncommitted changes" if changed else "")


def section(rows, command):
    first = rows[0]
    engines = sorted({r["compressed"]["engine"] for r in rows if r["compressed"]["engine"]})
    yield f"Command: `{command}`"
    yield ""
    yield (
        f"Commit {first['commit'] or commit()}, {first['runtime']}"
        + (f" (int8 engine {', '.join(engines)})" if engines else "")
        + f", {first['machine']['cpu']}, {first['machine']['cores']} cores, {first['workers']} workers, "
        f"strategy {first['strategy']}, rng_seed {first['rng_seed']}."
    )
    yield ""
    yield from table(rows)


def replace_section(text, name, body):
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    if begin not in text or end not in text:
        raise SystemExit(f"{name}: RESULTS.md has no lines '{begin}' and '{end}' to write between")
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.S)
    return pattern.sub(lambda _: f"{begin}\n{body}\n{end}", text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("section")
    parser.add_argument("results", nargs="+")
    parser.add_argument("--command", required=True)
    parser.add_argument("--file", default=str(pathlib.Path(__file__).parent / "RESULTS.md"))
    arguments = parser.parse_args()
    rows = [row for path in arguments.results for row in json.loads(pathlib.Path(path).read_text())["pairs"]]
    if not rows:
        raise SystemExit("the result files hold no pairs")
    for row in rows:
        if row["error"]:
            raise SystemExit(f"{row['name']}: {row['error']}")
        # The share of inference is of the time of all workers.
        row["workers"] = max(1, row["workers"])
    path = pathlib.Path(arguments.file)
    text = replace_section(path.read_text(), arguments.section, "\n".join(section(rows, arguments.command)))
    beside = path.with_suffix(".new")
    beside.write_text(text)
    beside.replace(path)


if __name__ == "__main__":
    main()
