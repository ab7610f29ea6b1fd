#!/usr/bin/env python3
"""Opens reports in a headless Chromium, filters, sorts and looks at what is shown.

usage: browser_test.py DFLARE_REPORT SCRATCH_FOLDER

Exit status 77 (skipped) where Chromium is not installed.
"""

import json
import pathlib
import random
import shutil
import subprocess
import sys
import urllib.parse

import devtools
import made_findings

SKIPPED = 77
HOSTILE = "</script><script>document.title='taken over'</script>"


def must(condition, what):
    if not condition:
        sys.exit(f"browser_test.py: {what}")


def equal(seen, expected, what):
    must(seen == expected, f"{what}: {seen!r}, expected {expected!r}")


def blob(rng, side, channels):
    x, y, radius = rng.uniform(0.3, 0.7) * side, rng.uniform(0.3, 0.7) * side, rng.uniform(0.15, 0.35) * side
    tint = [rng.randrange(80, 256) for _ in range(channels)]
    return bytes(t if (column - x) ** 2 + (row - y) ** 2 < radius ** 2 else 20 for row in range(side) for column in range(side) for t in tint)


def pictures(names, side, channels, rng_seed):
    rng = random.Random(rng_seed)
    rows = []
    for i, name in enumerate(names):
        seed = blob(rng, side, channels)
        rows.append((name, i % 10, seed, bytes(min(255, value + 4) if at % 7 == 0 else value for at, value in enumerate(seed))))
    return rows


def repair(folder, seeds):
    rows = [{"seed": seed, "repaired": i % 3 != 0, "repaired_by_control": i % 2 == 0} for i, seed in enumerate(seeds)]
    (folder / "findings.json").write_text(json.dumps({"dflare_repair_findings": 1, "unseen_worst": rows}))
    share = {"inputs": 30, "repaired": 20, "share": 20 / 30, "interval": [0.47, 0.83]}
    worst = {"seeds": 30, "deviating": 30, "rate": 1.0, "rate_interval": [0.88, 1.0], "mean_queries": 40.0, "mean_worst_regret": 0.42,
             "worst_regret_interval": [0.38, 0.46], "largest_regret": 0.81, "mean_worst_margin": 0.31,
             "worst_margin_interval": [0.28, 0.34], "largest_margin": 0.7}
    measured = {"worst_repaired": share, "first_repaired": None, "searches": {"first": None, "worst": worst, "everyday": None, "dflare": None},
                "labels": {"of": "test", "images": 1000, "disagreements": 7}, "accuracy": 0.91, "file": {"bytes": 4096, "zeros": 1, "distinct": 16}}
    report = {"dflare_repair_report": 1, "verdict": "gates_not_met", "models": {"original": "a.pt", "compressed": "b.pt"},
              "seeds": {"name": "x", "size": 100}, "unseen": {"name": "y", "size": 30}, "recognised": "4 bits",
              "rounds": [{"number": n, "validation": 0.5 / 4 ** n, "control_validation": 0.5 / 3 ** n} for n in range(3)], "best_round": 2,
              "control_best_round": 2, "before": {**measured, "worst_repaired": None}, "control": measured, "repaired": measured,
              "against_control": {"worst": {"more_share": 0.0, "mcnemar_p": 1.0}, "first": None}, "original_accuracy": 0.92,
              "gates": [{"name": "kind", "met": True, "text": "as it was"}, {"name": "min_repaired", "met": False, "text": "66.7 % of 70 %"}], "remarks": []}
    (folder / "report.json").write_text(json.dumps(report))


def make_report(program, scratch, name, *folders):
    file = scratch / name
    subprocess.run([program, *map(str, folders), "-o", str(file), "--title", name], check=True, stdout=subprocess.DEVNULL)
    return devtools.file_url(file)


# ---- What the reader of a page sees and does ----


class Reader:
    def __init__(self, browser):
        self.browser = browser

    def open(self, url):
        # A page of the same file with another '#' would not be loaded again.
        self.browser.open("about:blank")
        self.browser.open(url)
        self.browser.wait_for("document.documentElement.dataset.ready")

    def text(self, selector):
        return self.browser.evaluate(f"document.querySelector({json.dumps(selector)}).textContent")

    def choose(self, control, value):
        self.browser.evaluate(f"(c => {{ c.value = {json.dumps(value)}; c.dispatchEvent(new Event(c.type === 'number' || c.type === 'search' ? 'input' : 'change')); }})(document.getElementById({json.dumps(control)}))")

    def click(self, selector):
        self.browser.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def go_to_the_cards(self):
        """There are cards only of findings in sight."""
        self.browser.evaluate("document.getElementById('filters').scrollIntoView()")
        self.browser.frame()

    def seeds(self):
        """Of the cards, in their order."""
        self.go_to_the_cards()
        return self.browser.evaluate("[...document.querySelectorAll('.card')].map(card => card.dataset.seed)")

    def figures(self):
        """The regrets on the cards."""
        self.go_to_the_cards()
        return self.browser.evaluate("[...document.querySelectorAll('.card .figures b')].map(b => Number(b.textContent))")

    def address(self):
        return self.browser.evaluate("location.hash")

    def nothing_was_fetched(self):
        asked = {request["request"]["url"].split(":")[0] for request in self.browser.events_of("Network.requestWillBeSent")}
        must(asked <= {"file", "data", "about"}, f"the page asked the network: {asked}")
        errors = [entry["entry"]["text"] for entry in self.browser.events_of("Log.entryAdded") if entry["entry"]["level"] == "error"]
        equal(errors, [], "errors in the log")
        equal(self.browser.events_of("Runtime.exceptionThrown"), [], "exceptions")


def check_summary(reader, findings):
    equal(reader.text("h1"), "two.html", "title")
    equal(reader.text("#count"), "70 findings", "count")
    equal(reader.browser.evaluate("document.querySelectorAll('#pairs tbody tr').length"), 2, "rows of pairs")
    equal(reader.browser.evaluate("document.querySelectorAll('#distributions svg').length"), 4, "histograms")
    must("SHA-256" in reader.text("#pairs"), "the models' SHA-256 are shown")
    first = reader.text("#pairs tbody tr")
    for part in ("1 note", "94.0 %", "96.0 % → 90.0 %", "largest 0."):
        must(part in first, f"{part} is in the first pair's row: {first}")
    details = reader.text("#pair-details details")
    for part in ("agree on 47 of 50 seed inputs as they are (94.0 %)", "original 96.0 %, compressed 90.0 %, of 50 with a known class",
                 "of 40 deviations of known class, the original in ", "3 images in deeper folders are left out"):
        must(part in details, f"{part} is in the first pair's details: {details}")
    equal(len(findings), 70, "findings in the data")


def check_filters(reader, findings):
    reader.choose("regret", "0.7")
    expected = sum(f["regret"] >= 0.7 for f in findings)
    must(0 < expected < 70, "the findings are no test of this filter")
    must(expected != sum(f["margin"] >= 0.7 for f in findings), "nor do they tell regret from margin")
    equal(reader.text("#count"), f"{expected} of 70 findings", "regret at least 0.7")
    must(all(r >= 0.7 for r in reader.figures()), "a card of a smaller regret is shown")
    equal(reader.address(), "#?regret=0.7", "address")
    reader.click("#reset")
    equal(reader.text("#count"), "70 findings", "after a reset")
    equal(reader.address(), "", "address after a reset")

    reader.choose("kind", "as-it-is")
    equal(reader.text("#count"), f"{sum(f['as_it_is'] for f in findings)} of 70 findings", "as it is")
    must(len(reader.seeds()) > 0, "there are cards")
    must(reader.browser.evaluate("[...document.querySelectorAll('.card')].every(c => c.textContent.includes('as it is'))"), "a card says nothing of it")
    reader.click("#reset")

    for value in ("original", "compressed", "neither"):
        of = {"original": lambda f: f["label"] == f["labels"][0], "compressed": lambda f: f["label"] == f["labels"][1],
              "neither": lambda f: f["label"] not in f["labels"]}[value]
        expected = sum(map(of, findings))
        must(0 < expected < 70, "the findings are no test of who is right")
        reader.choose("right", value)
        equal(reader.text("#count"), f"{expected} of 70 findings", f"right: {value}")
    reader.click("#reset")

    reader.choose("original", "3")
    equal(reader.text("#count"), f"{sum(f['labels'][0] == 3 for f in findings)} of 70 findings", "original says 3")
    reader.choose("compressed", str(next(f for f in findings if f["labels"][0] == 3)["labels"][1]))
    must(reader.text("#count").endswith(" of 70 findings") and not reader.text("#count").startswith("0"), reader.text("#count"))
    reader.click("#reset")

    reader.choose("seed", "CAT")
    equal(set(reader.seeds()), {f"cats/{i}" for i in range(4)}, "seeds with 'cat' in their ids")
    reader.click("#reset")
    reader.choose("seed", "<script>")
    equal(reader.seeds(), [HOSTILE], "a hostile seed id")
    equal(reader.browser.evaluate("document.title"), "two.html", "title of the page")
    reader.choose("seed", "no such seed")
    equal((reader.text("#count"), reader.seeds()), ("0 of 70 findings", []), "nothing is left")
    reader.click("#reset")

    reader.click("#pairs tbody tr:nth-child(2) button")
    equal(reader.text("#count"), "30 of 70 findings", "one pair")
    equal(reader.browser.evaluate("document.querySelector('tr.chosen').dataset.pair"), "1", "the chosen pair")
    equal(reader.address(), "#?pair=Repaired%2C+unseen+seeds", "address of a pair")
    reader.click("#pairs tbody tr:nth-child(2) button")
    equal(reader.text("#count"), "70 findings", "all pairs again")


def check_repair(reader, findings):
    own = [f for f in findings if "repaired" in f]
    for value, wanted in {"yes": lambda f: f["repaired"], "no": lambda f: not f["repaired"],
                          "control": lambda f: f["repaired"] and not f["control"], "worse": lambda f: not f["repaired"] and f["control"]}.items():
        reader.choose("repaired", value)
        equal(reader.text("#count"), f"{sum(map(wanted, own))} of 70 findings", f"repair: {value}")
    reader.click("#reset")
    must("gates not met" in reader.text(".repair h2"), "the repair's verdict is shown")
    table = reader.text(".before-after")
    for part in ("66.7 %", "0.420", "0.310", "7 of 1,000", "91.00 %", "4,096"):
        must(part in table, f"{part} is in the table of the repair: {table}")


def check_sorting(reader, findings):
    by = {"regret": "regret", "margin": "margin", "queries": "queries", "l_inf": "l_inf", "l2": "l2", "ssim": "ssim", "position": "position"}
    for value, key in by.items():
        reader.choose("sort", value)
        first = reader.browser.evaluate("shown.map(f => f[%s])" % json.dumps(key))
        equal(first, sorted((f[key] for f in findings), reverse=True), f"sorted by {value}")
        equal(reader.seeds()[0], reader.browser.evaluate("shown[0].seed"), "the first card")
    reader.choose("sort", "regret")
    reader.click("#direction")
    must(reader.figures() == sorted(reader.figures()), "smallest first")
    equal(reader.address(), "#?direction=up", "address")
    reader.click("#reset")
    must(reader.figures() == sorted(reader.figures(), reverse=True), "largest first")


def check_keyboard(reader):
    reader.choose("regret", "0.1")
    reader.browser.evaluate("scrollTo(0, 0)")
    reader.click(".skip")
    must(reader.browser.evaluate("document.activeElement.classList.contains('card')"), "the skip link leads to the first card")
    equal(reader.address(), "#?regret=0.1", "address after it")
    reader.click("#reset")


def check_detail(reader, findings):
    browser = reader.browser
    reader.go_to_the_cards()
    browser.evaluate("document.querySelector('.card').focus()")
    browser.press("Enter", 13)
    browser.wait_for("document.getElementById('detail').open")
    best = max(findings, key=lambda f: f["regret"])
    equal(reader.text("#detail-title"), f"{best['seed']}: {best['labels'][0]} → {best['labels'][1]}", "title of the finding")
    equal(browser.evaluate("document.querySelectorAll('#detail .bar').length"), 10, "bars of both models' top five")
    must(reader.text("#replay").startswith("dflare-test ") and " --dflare_replay=" in reader.text("#replay"), reader.text("#replay"))
    must("rotated" in reader.text("#detail dl"), "how the mutant was made")
    right = {best["labels"][0]: "the original is right", best["labels"][1]: "the compressed model is right"}.get(best["label"], "neither is right")
    must(f"{best['label']}: {right}" in reader.text("#detail dl"), "who is right")
    browser.wait_for("document.querySelector('#detail canvas').dataset.drawn === 'yes'")
    # The difference is that of the pixels: 128 + gain * (mutant - seed).
    seen = browser.evaluate("""(() => { const c = document.querySelector('#detail canvas');
      return [...new Set([...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].filter((_, i) => i % 4 !== 3))].sort((a, b) => a - b); })()""")
    equal(seen, [128, 255], "grey levels of the difference")
    browser.press("ArrowRight", 39)
    must(reader.text("#detail-title") != f"{best['seed']}: {best['labels'][0]} → {best['labels'][1]}", "the next finding")
    browser.press("ArrowRight", 39)
    browser.press("ArrowLeft", 37)
    browser.press("ArrowLeft", 37)
    must(reader.text("#detail-title").startswith(best["seed"] + ":"), "there and back")
    pair = browser.evaluate("data.pairs[%d].name" % best["pair"])
    equal(reader.address(), f"#{quoted(pair)}/{quoted(best['seed'])}", "the address names pair and seed")
    address = browser.evaluate("location.href")
    browser.press("Escape", 27)
    browser.wait_for("!document.getElementById('detail').open")
    browser.wait_for("location.hash === ''")  # the dialog's close event comes later
    reader.open(address)
    must(browser.evaluate("document.getElementById('detail').open") and reader.text("#detail-title").startswith(best["seed"] + ":"), "an address opens its finding")


def quoted(text):
    """As JavaScript's encodeURIComponent."""
    return urllib.parse.quote(text, safe="!'()*~")


def check_links(reader, url, findings):
    """A link names pair and seed, and the browser's buttons lead from finding to finding."""
    browser = reader.browser
    title = "document.getElementById('detail').open && document.getElementById('detail-title').textContent.split(': ')[0]"
    hostile = next(f for f in findings if f["seed"] == HOSTILE)
    other = next(f for f in findings if f["pair"] == 1)
    reader.open(f"{url}#Grey/{quoted(HOSTILE)}")
    equal(browser.evaluate(title), HOSTILE, "a link to a seed of a hostile name")
    reader.open(f"{url}#{quoted('Repaired, unseen seeds')}/{other['seed']}?sort=queries&regret=0.1")
    equal(browser.evaluate(title), other["seed"], "a link with filters")
    equal(browser.evaluate("[document.getElementById('sort').value, document.getElementById('regret').value]"), ["queries", "0.1"], "its filters")
    must(other["seed"] != hostile["seed"], "two findings")
    # A dialog's close event comes with the next frame, when another finding may be open.
    reader.open(url)
    reopened = browser.evaluate("(() => { const [one, two] = shown; openDetail(one); byId('detail').close(); openDetail(two); return two.seed; })()")
    browser.frame()
    equal(browser.evaluate(title), reopened, "the finding opened right after another was closed")
    must(reader.address().endswith(f"/{quoted(reopened)}"), f"its address: {reader.address()}")
    reader.open(url)
    for f in (other, hostile):
        browser.evaluate("openDetail(findings.find(f => f.pair === %d && f.seed === %s))" % (f["pair"], json.dumps(f["seed"])))
    browser.evaluate("document.getElementById('detail').close()")
    browser.wait_for("location.hash === ''")
    for by, wanted in ((-1, hostile["seed"]), (-1, other["seed"]), (-1, False), (1, other["seed"]), (1, hostile["seed"]), (1, False)):
        browser.evaluate(f"history.go({by})")
        browser.wait_for(f"({title}) === {json.dumps(wanted)}")
    for nonsense in ("#Grey/no-such-seed", "#no%2", "#%E0%A4%A/1", "#/"):
        reader.open(url + nonsense)
        equal(browser.evaluate("document.getElementById('detail').open"), False, f"a link that leads nowhere: {nonsense}")


def check_names(reader, url):
    """Pairs of one name are told apart."""
    browser = reader.browser
    reader.open(url)
    equal(browser.evaluate("pairKeys"), ["W4", "W4~2"], "keys of two pairs of one name")
    reader.open(f"{url}#{quoted('W4~2')}/second")
    equal(browser.evaluate("open.pair"), 1, "the pair of a link")


def check_themes(reader, url):
    background = "getComputedStyle(document.body).backgroundColor"
    for scheme in ("dark", "light"):
        reader.browser.prefer(scheme)
        reader.open(url)
        equal(reader.browser.evaluate("document.documentElement.dataset.theme"), scheme, "theme")
    light = reader.browser.evaluate(background)
    reader.click("#theme")
    must(reader.browser.evaluate(background) != light, "the button changes the theme")
    reader.click("#theme")
    equal(reader.browser.evaluate(background), light, "and back")


def check_many(reader, url, all_of_them):
    """However many there are, there are cards only of those in sight, and scrolling shows the others."""
    reader.open(url)
    equal(reader.text("#count"), f"{all_of_them:,} findings", "count")
    first = reader.seeds()
    must(0 < len(first) < 60, f"{len(first)} cards at once")
    reader.browser.evaluate("scrollTo(0, document.body.scrollHeight)")
    reader.browser.wait_for("document.querySelector('.card[aria-posinset=\"%d\"]')" % all_of_them)
    last = reader.browser.evaluate("[...document.querySelectorAll('.card')].map(card => card.dataset.seed)")
    must(not set(first) & set(last), "the first cards are gone")
    must(len(last) < 60, f"{len(last)} cards at once")
    equal(reader.browser.evaluate("[...document.querySelectorAll('.card')].map(c => Number(c.getAttribute('aria-posinset'))).every((n, i, all) => i === 0 || n === all[i - 1] + 1)"), True, "order of the cards")


def check_large(reader, program, scratch):
    """An image's own file takes the place of its thumbnail, where it is there."""
    shutil.rmtree(scratch / "large", ignore_errors=True)
    made_findings.write_run(scratch / "large", pictures(["0", "1"], 96, 3, 4), side=96, rng_seed=4)
    url = make_report(program, scratch, "large.html", scratch / "large")
    reader.open(url)
    reader.click(".card")
    reader.browser.wait_for("document.querySelector('#detail img').naturalWidth === 96")
    shutil.rmtree(scratch / "large")  # as where an artifact holds the report alone
    reader.open(url)
    reader.click(".card")
    reader.browser.wait_for("document.querySelector('#detail canvas').dataset.drawn === 'yes'")
    equal(reader.browser.evaluate("document.querySelector('#detail img').naturalWidth"), 64, "width of the thumbnail")


def main(program, scratch):
    chromium = devtools.find_chromium()
    if chromium is None:
        print("skipped: chromium is not installed (apt-get install chromium)")
        return SKIPPED
    scratch = pathlib.Path(scratch)
    shutil.rmtree(scratch, ignore_errors=True)
    names = [HOSTILE.replace("/", "%2F"), *(f"cats/{i}" for i in range(4)), *(f"{i:03}.png" for i in range(35))]
    made_findings.write_run(scratch / "two" / "Grey", pictures([n for n in names if n[0] != "<"] + ["plain"], 28, 1, 1), channels=1, side=28, compressed="grey.pt",
                            remarks=["3 images in deeper folders are left out"])
    hostile = scratch / "two" / "Grey" / "plain" / "finding.json"
    hostile.write_text(hostile.read_text().replace('"id": "plain"', '"id": ' + json.dumps(HOSTILE)))
    seeds = [str(i) for i in range(30)]
    made_findings.write_run(scratch / "two" / "Repaired" / "unseen", pictures(seeds, 32, 3, 2), compressed="colour.pt", rng_seed=2)
    repair(scratch / "two" / "Repaired", seeds)
    made_findings.write_run(scratch / "many", pictures([str(i) for i in range(700)], 8, 1, 3), channels=1, side=8, rng_seed=3)
    for where, seed in (("a", "first"), ("b", "second")):
        made_findings.write_run(scratch / "names" / where / "W4", pictures([seed], 8, 1, 5), channels=1, side=8, compressed=f"{where}.pt", rng_seed=5)
    url = make_report(program, scratch, "two.html", scratch / "two")

    names_url = make_report(program, scratch, "names.html", scratch / "names")
    many_url = make_report(program, scratch, "many.html", scratch / "many")

    def check_all():
        with devtools.Browser(chromium) as browser:
            reader = Reader(browser)
            reader.open(url)
            findings = browser.evaluate("findings")
            check_summary(reader, findings)
            check_filters(reader, findings)
            check_repair(reader, findings)
            check_sorting(reader, findings)
            check_keyboard(reader)
            check_detail(reader, findings)
            check_links(reader, url, findings)
            check_names(reader, names_url)
            check_themes(reader, url)
            check_many(reader, many_url, 700)
            reader.nothing_was_fetched()
            check_large(reader, program, scratch)

    try:
        check_all()
    except devtools.BrowserFailed as failure:
        print(f"browser_test.py: the browser itself failed, so all is checked once more with a new one: {failure}")
        check_all()
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
