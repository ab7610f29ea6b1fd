"""Tables of bench/RESULTS.md from what strategies.py measured: one a group of runs."""


def table(columns, rows):
    yield "| " + " | ".join(name for name, _ in columns) + " |"
    yield "| " + " | ".join(["---", "---"] + ["---:"] * (len(columns) - 2)) + " |"
    for row in rows:
        yield "| " + " | ".join(cell(row) for _, cell in columns) + " |"


def rows_of(runs):
    for run in runs:
        for pair in run["pairs"]:
            if pair["error"]:
                raise SystemExit(f"{run['name']}, {pair['name']}: {pair['error']}")
            yield {**pair, "run": run["name"]}


def found(row):
    outcomes = row["outcomes"]
    return f"{outcomes['found']} of {row['judged'] - outcomes['as_it_is']}"


def seconds_per_found(row):
    return f"{row['wall_seconds'] / row['outcomes']['found']:.3f}" if row["outcomes"]["found"] else "-"


def of_found(key, form):
    return lambda row: form.format(row[key]) if row["outcomes"]["found"] else "-"


NAMES = [("run", lambda r: r["run"]), ("pair", lambda r: r["name"])]
DISTANCES = [
    ("L2", of_found("mean_l2", "{:.0f}")),
    ("L-inf", of_found("mean_l_inf", "{:.2f}")),
    ("SSIM", of_found("mean_ssim", "{:.2f}")),
    ("margin", of_found("mean_margin", "{:.3f}")),
]
COLUMNS = {
    "first": NAMES + [
        ("found", found),
        ("queries, mean", of_found("mean_queries", "{:.2f}")),
        ("median", of_found("median_queries", "{:g}")),
        ("gradients", of_found("mean_gradients", "{:.2f}")),
        ("in all / found", of_found("queries_per_found", "{:.2f}")),
        ("s / found", seconds_per_found),
    ] + DISTANCES,
    "worst": NAMES + [
        ("mean worst margin", lambda r: f"{r['mean_worst_margin']:.4f}"),
        ("95 % interval", lambda r: "{:.4f} to {:.4f}".format(*r["worst_margin_interval"])),
        ("largest", lambda r: f"{r['largest_margin']:.3f}"),
        ("gradients a seed", of_found("mean_gradients", "{:.1f}")),
        ("wall s", lambda r: f"{r['wall_seconds']:.1f}"),
    ],
    "closest": NAMES + [
        ("found", found),
        ("gradients a seed", of_found("mean_gradients", "{:.1f}")),
        ("wall s", lambda r: f"{r['wall_seconds']:.1f}"),
    ] + DISTANCES,
    "minimise": NAMES + [
        ("found", found),
        ("minimising", lambda r: str(r["minimising"])),
        ("wall s", lambda r: f"{r['wall_seconds']:.1f}"),
    ] + DISTANCES,
    "everyday": NAMES + [
        ("seeds", lambda r: str(r["judged"])),
        ("as it is", lambda r: str(r["outcomes"]["as_it_is"])),
        ("found", lambda r: str(r["outcomes"]["found"])),
        ("rate", lambda r: f"{100 * r['rate']:.1f} %"),
        ("95 % interval", lambda r: "{:.1f} to {:.1f} %".format(*(100 * x for x in r["interval"]))),
        ("wall s", lambda r: f"{r['wall_seconds']:.1f}"),
    ],
}


def strategies_section(result, group, command, commit):
    runs = [run for run in result["runs"] if run["group"] == group]
    if not runs:
        raise SystemExit(f"the result file holds no run of the group '{group}'")
    first = runs[0]["pairs"][0]
    engines = sorted({p["compressed"]["engine"] for run in runs for p in run["pairs"] if p["compressed"]["engine"]})
    yield f"Command: `{command}`"
    yield ""
    yield (
        f"Commit {commit}, {first['runtime']}"
        + (f" (int8 engine {', '.join(engines)})" if engines else "")
        + f", {first['machine']['cpu']}, {first['machine']['cores']} cores, {first['workers']} workers, rng_seed {first['rng_seed']}."
    )
    yield ""
    yield from table(COLUMNS[group], rows_of(runs))
