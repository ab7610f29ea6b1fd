"""The table that bench/RESULTS.md opens with: a headline figure of each section, read from that section's own table.

usage: headlines.py [RESULTS.md]: writes it anew; write_results.py does so whenever it writes a section.
"""

import pathlib
import re
import sys


def table_of(text, name):
    """The rows of a section's table, by the names of its columns."""
    body = re.search(f"<!-- begin {name} -->(.*?)<!-- end {name} -->", text, re.S).group(1)
    lines = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in body.splitlines() if line.startswith("|")]
    return [dict(zip(lines[0], line)) for line in lines[2:]]


def number(cell):
    return float(re.search(r"-?[\d,]+(\.\d+)?", cell).group().replace(",", ""))


def between(values, form="{:g}"):
    return f"{form.format(min(values))} to {form.format(max(values))}"


def share(part, whole):
    return f"{part:,} of {whole:,} ({100 * part / whole:.1f} %)"


def of_counts(cells):
    """'3 of 4' and '1 of 2' are '4 of 6'."""
    parts, wholes = zip(*(map(int, cell.split(" of ")) for cell in cells))
    return share(sum(parts), sum(wholes))


def deviating(rows):
    return share(sum(int(r["found"]) + int(r["as it is"]) for r in rows), sum(int(r["seeds"]) for r in rows))


def of_run(column, run, form):
    return lambda rows: form([row[column] for row in rows if row["run"] == run])


def mean_queries(run):
    return of_run("queries, mean", run, lambda cells: between([number(cell) for cell in cells], "{:.2f}"))


def refused_or_failed(rows):
    # In brackets are the honest ones; another scale of the logits is no fault.
    broken = [row for row in rows if not row["what is broken"].startswith(("(", "logits "))]
    return share(sum(row["at 3 %"] in ("fails", "refused") for row in broken), len(broken))


def ratio(pairs):
    return lambda rows: between([number(r["search / inference"]) for r in rows if r["pair"].startswith(pairs) and r["workers"] == "1"], "{:.2f}")


def cell_of(column, where, value):
    return lambda rows: next(row[column].replace("**", "") for row in rows if row[where] == value)


# What it is, the section's name between its comments, and how it is read from there.
HEADLINES = (
    ("seed inputs that lead to a deviation by `dflare`, all pairs", "dflare", deviating),
    ("mean queries to the first deviation, `boundary`, from pair to pair", "first", mean_queries("boundary, transform")),
    ("the same, `dflare` with the acceptance rule `reference`", "first", mean_queries("dflare, reference")),
    ("seed inputs whose closest deviation in L-inf is found, with gradients", "closest", of_run("found", "L-inf, gradients, 50", of_counts)),
    ("compressions broken on purpose that the gate of 3 % fails or refuses", "broken", refused_or_failed),
    ("worst unseen triggering inputs that a repair of MnistW4 repairs", "repair", cell_of("worst repaired", "pair", "MnistW4")),
    ("the same, of Cifar10W4", "repair", cell_of("worst repaired", "pair", "Cifar10W4")),
    ("a search beside the inference in it, one worker, MNIST", "overhead", ratio("Mnist")),
    ("the same, CIFAR-10", "overhead", ratio("Cifar10")),
    ("the examination's share of the time of `everyday()`", "examination_cost", lambda rows: between([number(r["share"]) for r in rows]) + " %"
     if len({r["share"] for r in rows}) > 1 else rows[0]["share"]),
    ("until the first cards of a report of 5,000 findings", "report", lambda rows: f"{number(rows[0]['first cards, s'])} s"),
    ("queries of a failing test that replays its corpus", "corpus", cell_of("queries", "run", "again")),
    ("compiling a test", "compile_time", lambda rows: f"{number(rows[0]['s, median']):g} s"),
    ("peak memory with 50,000 images, to that with 500", "memory", cell_of("ratio", "findings", "written")),
)


def section_title(text, name):
    return re.findall(r"^##+ (.*)$", text[:text.index(f"<!-- begin {name} -->")], re.M)[-1]


def anchor(title):
    """As GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def headline_table(text):
    yield "| what | figure | section |"
    yield "| --- | --- | --- |"
    for what, name, read in HEADLINES:
        title = section_title(text, name)
        yield f"| {what} | **{read(table_of(text, name))}** | [{title}](#{anchor(title)}) |"


def with_headlines(text):
    """The text with its headlines as its sections are now; one that has no place for them is left as it is."""
    pattern = re.compile("<!-- begin headlines -->.*?<!-- end headlines -->", re.S)
    if not pattern.search(text):
        return text
    table = "\n".join(headline_table(text))
    return pattern.sub(lambda _: f"<!-- begin headlines -->\n{table}\n<!-- end headlines -->", text)


def main():
    path = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "RESULTS.md"
    path.write_text(with_headlines(path.read_text()))


if __name__ == "__main__":
    main()
