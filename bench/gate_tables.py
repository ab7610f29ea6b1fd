"""Tables of bench/RESULTS.md from what broken.py, regret.py, misfeeding.py and examination_cost.py measured."""


def table(columns, rows, texts=1):
    """The first columns, so many, are texts."""
    yield "| " + " | ".join(name for name, _ in columns) + " |"
    yield "| " + " | ".join(["---"] * texts + ["---:"] * (len(columns) - texts)) + " |"
    for row in rows:
        yield "| " + " | ".join(cell(row) for _, cell in columns) + " |"


def percent(share):
    return "-" if share is None else f"{100 * share:.1f} %"


def three(number):
    return "-" if number is None else f"{number:.3f}"


def verdict(row, error="refused"):
    return "refused" if row[error] else "passes" if row["passes"] else "fails"


def text(words, most=260):
    words = " ".join(words.replace("|", "\\|").split())
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0] + " ..."


def machine(result):
    return f"{result['runtime']}, {result['machine']['cpu']}, {result['machine']['cores']} cores."


BROKEN = [
    ("model", lambda r: r["group"]),
    ("what is broken", lambda r: f"({r['what']})" if r["honest"] else r["what"]),
    ("accuracy", lambda r: percent(r["accuracy"])),
    ("lost, points", lambda r: f"{100 * r['lost']:.1f}"),
    ("agreement", lambda r: percent(1 - r["unlike"] / r["images"])),
    ("everyday()", lambda r: percent(r["rate"])),
    ("mean worst regret", lambda r: three(r["mean_worst_regret"])),
    ("at 3 %", verdict),
]


def broken_section(result):
    yield from table(BROKEN, result["rows"], 2)
    yield ""
    for check in result["checks"]:
        yield f"- {'Holds' if check['does'] else '**Does not hold**'}: {check['holds']}{'; ' + check['but'] if check['but'] else ''}."


def regret_section(result):
    queries = sorted({row["queries"] for row in result["rows"]})
    by_pair = {}
    for row in result["rows"]:
        by_pair.setdefault(row["name"], {})[row["queries"]] = row
    columns = [("pair", lambda r: next(iter(r.values()))["name"])]
    cell = lambda n, form: lambda r: form(r[n]) if n in r else "-"
    for n in queries:
        columns += [(f"seeds, {n} queries", cell(n, lambda row: str(row["judged"]))),
                    ("everyday()", cell(n, lambda row: "-" if row["error"] else percent(row["rate"]))),
                    ("mean worst regret", cell(n, lambda row: three(row["mean_worst_regret"]))),
                    ("at 3 %", cell(n, lambda row: verdict(row, "error")))]
    yield from table(columns, by_pair.values())


MISFEEDING = [
    ("network", lambda r: r["network"]),
    ("fed", lambda r: r["feeding"]),
    ("noticed", lambda r: {"no": "no", "noted": "noted", "refused": "**refused**"}[r["noticed"]]),
    ("what it says", lambda r: text("; ".join(r["errors"] + r["notes"])) or "nothing"),
    ("accuracy", lambda r: percent(r["accuracy"])),
]
COST = [
    ("pair", lambda r: r["name"]),
    ("seed inputs", lambda r: str(r["seeds"])),
    ("evaluations of the examination", lambda r: f"**{r['evaluations']}**"),
    ("of everyday()", lambda r: str(r["evaluations_of_everyday"])),
    ("s of the examination", lambda r: f"{r['examination_seconds']:.2f}"),
    ("s of everyday()", lambda r: f"{r['everyday_seconds']:.2f}"),
    ("share", lambda r: percent(r["share"])),
]


def gate_section(result, command, commit):
    yield f"Command: `{command}`"
    yield ""
    if result["bench"] == "misfeeding":
        yield f"Commit {commit}, {result['images']} images each."
    elif result["bench"] == "examination_cost":
        yield f"Commit {commit}, {machine(result['rows'][0])}"
    else:
        yield f"Commit {commit}, {machine(result)}"
    yield ""
    if result["bench"] == "broken":
        yield from broken_section(result)
    elif result["bench"] == "regret":
        yield from regret_section(result)
    elif result["bench"] == "misfeeding":
        yield from table(MISFEEDING, result["rows"], 4)
    else:
        yield from table(COST, result["rows"])
