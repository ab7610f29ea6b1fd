"""Tables of bench/RESULTS.md from what formats.py measured: one a part, and one a group of searches."""

import statistics

# Labels unlike the original's: what the table of the data's README says of the files.
KNOWN_UNLIKE = {
    "MnistInt8OpenVino": 7,
    "MnistInt8OnnxRuntime": 7,
    "MnistInt8ExecuTorch": 8,
    "Cifar10Int8OpenVino": 21,
    "Cifar10Int8OnnxRuntime": 31,
    "Cifar10Int8ExecuTorch": 22,
}


def table(columns, rows, texts=1):
    """The first columns, so many, are texts."""
    yield "| " + " | ".join(name for name, _ in columns) + " |"
    yield "| " + " | ".join(["---"] * texts + ["---:"] * (len(columns) - texts)) + " |"
    for row in rows:
        yield "| " + " | ".join(cell(row) for _, cell in columns) + " |"


def runtime(side):
    return side["runtime"] + (f", {side['engine']}" if side["engine"] else "")


def percent(share):
    return f"{100 * share:.2f} %"


LABELS = [
    ("pair", lambda r: r["name"]),
    ("file", lambda r: r["compressed"]["model"].rsplit("/", 1)[-1]),
    ("runtime", lambda r: runtime(r["compressed"])),
    ("images", lambda r: str(r["images"])),
    ("accuracy", lambda r: percent(r["compressed"]["accuracy"])),
    ("the .pt's", lambda r: percent(r["original"]["accuracy"])),
    ("labels unlike", lambda r: str(r["unlike"])),
    ("known", lambda r: str(KNOWN_UNLIKE.get(r["name"], 0))),
    ("ties", lambda r: str(r["tied"])),
    ("largest difference", lambda r: f"{r['largest_difference']:.1g}"),
]


def of_found(key, form):
    return lambda row: form.format(row[key]) if row["outcomes"]["found"] else "-"


PAIR = [
    ("pair", lambda r: r["name"]),
    ("original under", lambda r: runtime(r["original"])),
    ("compressed under", lambda r: runtime(r["compressed"])),
]
SEARCHES = {
    "first": [("path", lambda r: r["run"])] + PAIR + [
        ("as it is", lambda r: str(r["outcomes"]["as_it_is"])),
        ("found", lambda r: f"{r['outcomes']['found']} of {r['judged'] - r['outcomes']['as_it_is']}"),
        ("queries, mean", of_found("mean_queries", "{:.1f}")),
        ("median", of_found("median_queries", "{:g}")),
        ("margin", of_found("mean_margin", "{:.4f}")),
        ("wall s", lambda r: f"{r['wall_seconds']:.0f}"),
    ],
    "worst": PAIR + [
        ("seeds", lambda r: str(r["judged"])),
        ("deviate", lambda r: str(r["outcomes"]["as_it_is"] + r["outcomes"]["found"])),
        ("mean worst margin", lambda r: f"{r['mean_worst_margin']:.4f}"),
        ("95 % interval", lambda r: "{:.4f} to {:.4f}".format(*r["worst_margin_interval"])),
        ("largest", lambda r: f"{r['largest_margin']:.4f}"),
        ("wall s", lambda r: f"{r['wall_seconds']:.0f}"),
    ],
}


def spread(above, below):
    ratios = [a / b for a, b in zip(above, below)]
    return f"**{statistics.median(ratios):.3f}** ({min(ratios):.3f} to {max(ratios):.3f})"


PROCESS = [
    ("file", lambda r: r["model"]),
    ("runtime", lambda r: r["runtime"]),
    ("images", lambda r: f"{r['batches']} batches of {r['batch']}"),
    ("called directly, s", lambda r: f"{statistics.median(r['direct_seconds']):.3f}"),
    ("by process, s", lambda r: f"{statistics.median(r['process_seconds']):.3f}"),
    ("process / called directly", lambda r: spread(r["process_seconds"], r["direct_seconds"])),
]


def machine(row):
    return f"{row['machine']['cpu']}, {row['machine']['cores']} cores"


def formats_section(result, name, command, commit, overhead_section):
    """SECTION is formats_labels, formats_first, formats_worst, formats_overhead or formats_process."""
    part = name.replace("formats_", "")
    if part == "overhead":
        yield from overhead_section(result["overhead"]["pairs"], command)
        return
    yield f"Command: `{command}`"
    yield ""
    if part == "labels":
        rows = result["labels"]["pairs"]
        yield f"Commit {commit}, {rows[0]['original']['runtime']}, {machine(rows[0])}."
        yield ""
        yield from table(LABELS, rows, texts=3)
    elif part in SEARCHES:
        rows = [{**pair, "run": run["name"]} for run in result["search"]["runs"] if run["group"] == part for pair in run["pairs"]]
        yield f"Commit {commit}, {machine(rows[0])}, {max(row['workers'] for row in rows)} workers, rng_seed {rows[0]['rng_seed']}."
        yield ""
        yield from table(SEARCHES[part], rows, texts=4 if part == "first" else 3)
    elif part == "process":
        yield f"Commit {commit}, {machine(result['labels']['pairs'][0])}, {len(result['process']['direct_seconds'])} repeats."
        yield ""
        yield from table(PROCESS, [result["process"]], texts=2)
    else:
        raise SystemExit(f"formats.py has no part '{part}'")
