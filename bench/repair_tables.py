"""The tables of bench/RESULTS.md on repairs: what bench/repair.py measured, before / control / repaired."""
import math


def share(repaired):
    return f"{100 * repaired['share']:.1f}" if repaired and repaired["inputs"] else "-"


def with_interval(repaired):
    if not repaired or not repaired["inputs"]:
        return "-"
    low, high = repaired["interval"]
    return f"**{100 * repaired['share']:.1f} %** ({100 * low:.1f} to {100 * high:.1f})"


def three(report, get):
    return " / ".join(get(report[model]) for model in ("before", "control", "repaired"))


def percent_or_dash(value, digits=1):
    return "-" if value is None else f"{100 * value:.{digits}f}"


def searched(name, get):
    return lambda model: get(model["searches"][name]) if model["searches"][name] else "-"


COLUMNS = [
    ("pair", lambda r: r["name"]),
    ("training seeds", lambda r: str(r["training_seeds"])),
    ("exit", lambda r: str(r["exit_status"])),
    ("worst repaired", lambda r: with_interval(r["report"]["repaired"]["worst_repaired"])),
    ("control", lambda r: share(r["report"]["control"]["worst_repaired"])),
    ("first repaired", lambda r: with_interval(r["report"]["repaired"]["first_repaired"])),
    ("control", lambda r: share(r["report"]["control"]["first_repaired"])),
    ("mean worst regret", lambda r: three(r["report"], searched("worst", lambda s: f"{s['mean_worst_regret']:.3f}"))),
    ("everyday(), %", lambda r: three(r["report"], searched("everyday", lambda s: percent_or_dash(s["rate"])))),
    ("found by dflare", lambda r: three(r["report"], searched("dflare", lambda s: str(s["deviating"])))),
    ("disagreements of 10,000", lambda r: three(r["report"], lambda m: str(m["labels"]["disagreements"]))),
    ("accuracy, %", lambda r: three(r["report"], lambda m: percent_or_dash(m["accuracy"], 2))),
    ("bytes", lambda r: f"{r['report']['before']['file']['bytes']} / {r['report']['repaired']['file']['bytes']}"),
    ("zeros, %", lambda r: " / ".join(zeros(r["report"][m]["file"]) for m in ("before", "repaired"))),
    ("distinct", lambda r: " / ".join(str(r["report"][m]["file"]["distinct"]) for m in ("before", "repaired"))),
    ("int8 operators", lambda r: " / ".join(str(r["report"][m]["file"]["quantised_operators"]) for m in ("before", "repaired"))),
    ("best round", lambda r: f"{r['report']['best_round']} of {len(r['report']['rounds']) - 1}"),
    ("rate", lambda r: f"{r['report'].get('learning_rate', 1e-3):g}"),
    ("s", lambda r: f"{r['seconds']:.0f}"),
    ("MiB", lambda r: f"{r['peak_bytes'] / 2**20:.0f}"),
]


def zeros(file):
    return f"{100 * file['zeros'] / file['weights']:.1f}" if file["weights"] else "-"


def two_sided_sign_test(a, b):
    """Exact, of a against b discordant pairs (McNemar)."""
    n, least = a + b, min(a, b)
    return 1.0 if n == 0 else min(1.0, 2 * sum(math.comb(n, k) for k in range(least + 1)) / 2**n)


def repair_section(rows, command, commit):
    yield f"Command: `{command}`"
    yield ""
    yield f"Commit {commit}. Three figures: before / control / repaired; two: before / repaired. In brackets: 95 % intervals."
    yield ""
    yield "| " + " | ".join(name for name, _ in COLUMNS) + " |"
    yield "| " + " | ".join(["---"] + ["---:"] * (len(COLUMNS) - 1)) + " |"
    for row in rows:
        yield "| " + " | ".join(cell(row) for _, cell in COLUMNS) + " |"
    yield ""
    for kind in ("worst", "first"):
        compared = [row["report"]["against_control"][kind] for row in rows if row["report"]["against_control"][kind]]
        alone, control = sum(c["repaired_alone"] for c in compared), sum(c["control_alone"] for c in compared)
        p = two_sided_sign_test(alone, control)
        yield (f"Over all these pairs, of the {kind} inputs {alone} are repaired and not by the control, {control} by the control alone: "
               f"p = {p:.2g} (exact McNemar test).")
