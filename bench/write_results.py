#!/usr/bin/env python3
"""Writes a section of bench/RESULTS.md from the JSON of a run.

usage: write_results.py SECTION RESULT.json... --command "COMMAND" [--file RESULTS.md]

What the JSON is of, it says itself: dflare-test (--dflare_json), engine_overhead (--json), memory.py (--json), strategies.py (--json;
SECTION is one of its groups), formats.py (SECTION is formats_ and one of labels, first, worst, overhead, process), repair.py, broken.py, regret.py, misfeeding.py,
examination_cost.py or dflare_bench (--benchmark_out). The section stands between two marker comments and is replaced as a whole; the rest of the file stays, but for the headlines. Several
result files of dflare-test or engine_overhead are put together in their order.
"""

import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess

from format_tables import formats_section
from gate_tables import gate_section
from headlines import with_headlines
from repair_tables import repair_section
from strategy_tables import strategies_section

SEARCH_COLUMNS = [
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


OVERHEAD_COLUMNS = [
    ("pair", lambda r: r["name"]),
    ("found", lambda r: f"{r['found']} of {r['seeds']}"),
    ("queries", lambda r: str(r["queries"])),
    ("images a batch", lambda r: f"{r['images_per_batch']:.1f} of {r['batch']}"),
    ("workers", lambda r: str(r["workers"])),
    ("search / inference", lambda r: spread(r, "search_seconds", "inference_seconds")),
    ("in the models", lambda r: f"{r['models_over_inference']:.2f}"),
    ("writing / inference", lambda r: spread(r, "writing_seconds", "inference_seconds")),
    ("queries/s", lambda r: f"{r['queries_per_second']:.0f}"),
    ("speed-up", lambda r: f"{r['speedup_search']:.2f}"),
    ("of inference", lambda r: f"{r['speedup_inference']:.2f}"),
]

MEMORY_COLUMNS = [
    ("findings", lambda r: "written" if r["writing"] else "not written"),
    ("few, MiB", lambda r: f"{statistics.median(r['few']):.0f}"),
    ("many, MiB", lambda r: f"{statistics.median(r['many']):.0f}"),
    ("ratio", lambda r: f"{r['ratio']:.3f}"),
]

MICRO_COLUMNS = [
    ("what", lambda r: r["name"]),
    ("time", lambda r: f"{r['cpu_time']:,.0f} {r['time_unit']}".replace(",", " ")),
]


def spread(row, above, below):
    """The median of the repeats' ratios, and the lowest and highest."""
    ratios = [a / b for a, b in zip(row[above], row[below])]
    if not ratios:
        return "-"
    return f"**{statistics.median(ratios):.2f}** ({min(ratios):.2f} to {max(ratios):.2f})"


def table(columns, rows):
    yield "| " + " | ".join(name for name, _ in columns) + " |"
    yield "| " + " | ".join(["---"] + ["---:"] * (len(columns) - 1)) + " |"
    for row in rows:
        yield "| " + " | ".join(cell(row) for _, cell in columns) + " |"


def commit():
    """What was measured: DFLARE_COMMIT, or what is checked out."""
    if os.environ.get("DFLARE_COMMIT"):
        return os.environ["DFLARE_COMMIT"]
    git = lambda *args: subprocess.run(["git", *args], cwd=pathlib.Path(__file__).parent, capture_output=True, text=True, check=True).stdout.strip()
    changed = git("status", "--porcelain", "--untracked-files=no", "--", ":!RESULTS.md")
    return git("rev-parse", "--short", "HEAD") + (" with uncommitted changes" if changed else "")


def heading(command, facts):
    yield f"Command: `{command}`"
    yield ""
    yield f"Commit {commit()}, {facts}"
    yield ""


def search_section(rows, command):
    for row in rows:
        if row["error"]:
            raise SystemExit(f"{row['name']}: {row['error']}")
        # The share of inference is of the time of all workers.
        row["workers"] = max(1, row["workers"])
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
    yield from table(SEARCH_COLUMNS, rows)


def overhead_section(pairs, command):
    first = pairs[0]
    engines = sorted({pair["engine"] for pair in pairs if pair["engine"]})
    runtimes = dict.fromkeys(pair["runtime"] for pair in pairs)
    yield f"Command: `{command}`"
    yield ""
    yield (
        f"Commit {commit()}, {', '.join(runtimes)}"
        + (f" (int8 engine {', '.join(engines)})" if engines else "")
        + f", {first['machine']['cpu']}, {first['machine']['cores']} cores, strategy {first['strategy']}, "
        f"batch {first['batch']}, block {first['block']}, {len(first['rows'][0]['search_seconds'])} repeats."
    )
    yield ""
    yield from table(OVERHEAD_COLUMNS, [{**pair, **row} for pair in pairs for row in pair["rows"]])


def memory_section(result, command):
    yield f"Command: `{command}`"
    yield ""
    yield (
        f"Commit {commit()}, mnist_lenet5.pt against {result['compressed']}, at most {result['queries']} queries a seed input, "
        f"folders of {result['sizes']['few']} and {result['sizes']['many']} images, {len(result['rows'][0]['few'])} repeats."
    )
    yield ""
    yield from table(MEMORY_COLUMNS, result["rows"])


def micro_section(result, command):
    yield from heading(command, f"{result['context']['num_cpus']} cores.")
    yield from table(MICRO_COLUMNS, result["benchmarks"])


REPORT_COLUMNS = [
    ("findings", lambda r: str(r["findings"])),
    ("file, MB", lambda r: f"{r['file_bytes'] / 1e6:.1f}"),
    ("made in, s", lambda r: f"{r['made_in_seconds']:.1f}"),
    ("first cards, s", lambda r: f"**{r['first_cards_seconds']:.2f}** ({min(r['first_cards_seconds_each']):.2f} to {max(r['first_cards_seconds_each']):.2f})"),
    ("a filter, ms", lambda r: f"{r['filter_milliseconds']:.0f}"),
    ("a frame of scrolling, ms: median / 95 % / worst", lambda r: " / ".join(f"{r['frame_milliseconds_' + k]:.0f}" for k in ("median", "95", "worst"))),
]


def report_section(result, command):
    yield from heading(command, f"{result['browser']}, headless, {result['cores']} cores.")
    yield from table(REPORT_COLUMNS, [result])


COMPILE_COLUMNS = [
    ("a file that includes", lambda r: r["file"]),
    ("s, median", lambda r: f"**{r['seconds']:.1f}** ({min(r['seconds_each']):.1f} to {max(r['seconds_each']):.1f})"),
    ("to the first", lambda r: f"{r['to_first']:.2f}"),
]
CORPUS_COLUMNS = [
    ("run", lambda r: r["run"]),
    ("verdict", lambda r: "passes" if r["exit_status"] == 0 else "fails"),
    ("queries", lambda r: f"**{r['queries']}**"),
    ("replayed", lambda r: str(r["corpus"]["replayed"])),
    ("still deviate", lambda r: str(r["corpus"]["deviate"])),
    ("fixed", lambda r: str(r["corpus"]["fixed"])),
    ("added", lambda r: str(r["corpus"]["added"])),
    ("s", lambda r: f"{r['seconds']:.1f}"),
]


def compile_section(result, command):
    yield from heading(command, f"{result['compiler']}, `{result['flags']}`, {result['cores']} cores.")
    first = result["rows"][0]["seconds"]
    yield from table(COMPILE_COLUMNS, [{**row, "to_first": row["seconds"] / first} for row in result["rows"]])


def corpus_section(result, command):
    yield from heading(command, f"{result['seeds']} seed inputs, {result['cores']} cores.")
    yield from table(CORPUS_COLUMNS, result["rows"])


def section(name, results, command):
    first = results[0]
    if first.get("bench") == "formats":
        return formats_section(first, name, command, commit(), overhead_section)
    if first.get("bench") in ("broken", "regret", "misfeeding", "examination_cost"):
        return gate_section(first, command, commit())
    if first.get("bench") == "compile_time":
        return compile_section(first, command)
    if first.get("bench") == "corpus":
        return corpus_section(first, command)
    if "first_cards_seconds" in first:
        return report_section(first, command)
    if "runs" in first:
        return strategies_section(first, name, command, commit())
    if "benchmarks" in first:
        return micro_section(first, command)
    if "sizes" in first:
        return memory_section(first, command)
    if first.get("bench") == "repair":
        return repair_section([row for result in results for row in result["pairs"]], command, commit())
    pairs = [pair for result in results for pair in result["pairs"]]
    if not pairs:
        raise SystemExit("the result files hold no pairs")
    return overhead_section(pairs, command) if "rows" in pairs[0] else search_section(pairs, command)


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
    results = [json.loads(pathlib.Path(path).read_text()) for path in arguments.results]
    path = pathlib.Path(arguments.file)
    text = replace_section(path.read_text(), arguments.section, "\n".join(section(arguments.section, results, arguments.command)))
    beside = path.with_suffix(".new")
    beside.write_text(with_headlines(text))
    beside.replace(path)


if __name__ == "__main__":
    main()
