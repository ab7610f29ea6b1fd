#!/usr/bin/env python3
"""A finding is data: nothing that it names is started, contacted or read for its token unless the user names the same or trusts it, and secrets in a
command's words are in no file. Then every field of run.json and finding.json is replaced in turn by nasty values.

usage: hostile_finding_test.py DFLARE_TEST DFLARE_REPORT SERVED_CHILD SCRATCH_FOLDER [all]

With `all` every field gets every value, which takes an hour; else they take turns.
"""

import concurrent.futures
import html.parser
import itertools
import json
import os
import pathlib
import random
import shlex
import shutil
import socket
import struct
import subprocess
import sys
import threading

from v2_server import SIDE, V2Server

RUNNER, REPORT, CHILD = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
SCRATCH = pathlib.Path(sys.argv[4]).resolve()
ALL = "all" in sys.argv[5:]
PWNED = SCRATCH / "pwned"
KEY, TOKEN = "v3ry-s3cret-key-0f-the-us3r", "t0ken-0f-n0body-else"
ENVIRONMENT = {**os.environ, "KEY_OF_THE_TEST": KEY, "OTHER_TOKEN_OF_THE_TEST": TOKEN}


def must(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")


def run(*words, status, environment=ENVIRONMENT, folder=SCRATCH):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, errors="replace", env=environment, cwd=folder, timeout=120)
    text = done.stdout + done.stderr
    must(done.returncode in (status if isinstance(status, tuple) else (status,)), f"{words}: exit status {done.returncode}, expected {status}\n{text[-3000:]}")
    return text


class Canary:
    """A server that nobody is to contact."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.heard = []
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            connection, _ = self.socket.accept()
            connection.settimeout(5)
            try:
                self.heard.append(connection.recv(4096).decode(errors="replace"))
            except OSError:
                self.heard.append("(nothing)")
            connection.close()


def command():
    return [sys.executable, "-B", str(CHILD), "none", "--coarse", "--key=${KEY_OF_THE_TEST}"]


def write_manifest(original):
    draw = random.Random(1)
    (SCRATCH / "seeds").write_bytes(struct.pack(">IIII", 0x803, 16, SIDE, SIDE) + bytes(draw.randrange(256) for _ in range(16 * SIDE * SIDE)))
    manifest = SCRATCH / "pairs.yaml"
    manifest.write_text(f"""dflare: 1
defaults: {{seeds: {{idx: seeds}}, input: {{channels: 1, size: 8}}, options: {{queries: 20, block: 8, workers: 1}}}}
pairs:
  - name: Pair
    original: {{url: "{original.url}", model: linear, token_from: KEY_OF_THE_TEST, back_off_seconds: 0.01, retries: 0}}
    compressed: {{process: {json.dumps(command())}}}
""")
    return manifest


def expect_no_secret(folder, secret):
    files = [file for file in folder.rglob("*") if file.is_file() and not file.is_symlink()]
    must(len(files) > 5, f"only {files}")
    for file in files:
        must(secret.encode() not in file.read_bytes(), f"{file} holds a secret")


class ReplayLines(html.parser.HTMLParser):
    """The lines that replay findings, of the data of a report."""

    def __init__(self, text):
        super().__init__()
        self.lines, self.in_data = [], False
        self.feed(text)

    def handle_starttag(self, _, attributes):
        self.in_data = dict(attributes).get("id") == "data"

    def handle_data(self, data):
        if self.in_data:
            self.lines = [finding["replay"] for finding in json.loads(data)["findings"]]
            self.in_data = False


def pasted(line, status, folder=SCRATCH):
    words = shlex.split(line)
    must(words[0] == "dflare-test", line)
    return run(RUNNER, *words[1:], status=status, folder=folder)


def lines_that_replay(manifest, out):
    """What is printed replays the user's own fresh finding by copy and paste, and no file holds the key."""
    console = run(RUNNER, manifest, f"--dflare_out={out}", f"--dflare_json={SCRATCH / 'r/results.json'}", f"--dflare_report={SCRATCH / 'r/report.html'}",
                  f"--gtest_output=xml:{SCRATCH / 'r/junit.xml'}", f"--dflare_corpus={SCRATCH / 'r/corpus'}", status=1)
    (SCRATCH / "r/console").write_text(console)
    must("--key=${KEY_OF_THE_TEST}" in console, console)
    run(REPORT, out, f"--out={SCRATCH / 'r/of_folder.html'}", status=0)
    expect_no_secret(SCRATCH / "r", KEY)
    expect_no_secret(out, KEY)
    line = next(line for line in console.splitlines() if line.startswith("Replay the first:")).split(":", 1)[1]
    must(f"dflare-test {manifest} --dflare_replay=" in line, line)
    must("It deviates" in pasted(line, 1), "the finding is not replayed")
    must("pairs.yaml" in ReplayLines((SCRATCH / "r/report.html").read_text()).lines[0], "report")
    pasted(ReplayLines((SCRATCH / "r/report.html").read_text()).lines[0], 1, SCRATCH / "r")
    # A report of folders may be of somebody else's: it trusts nothing.
    refused = pasted(ReplayLines((SCRATCH / "r/of_folder.html").read_text()).lines[0], 2, SCRATCH / "r")
    must("only data" in refused and KEY not in refused, refused)
    corpus = next((SCRATCH / "r/corpus/Pair").iterdir())
    run(RUNNER, manifest, f"--dflare_replay={corpus}", status=1)


def refusals(manifest, finding, canary):
    """Commands, servers and tokens of a finding that its user did not name."""
    def with_run(name, **compressed):
        text = json.loads((finding.parent / "run.json").read_text())
        model = text["models"]["compressed"]
        model.pop("process"), model.pop("folder")
        model.update(compressed)
        hostile = SCRATCH / "hostile" / name
        shutil.copytree(finding, hostile / finding.name)
        (hostile / "run.json").write_text(json.dumps(text))
        return hostile / finding.name

    evil = ["sh", "-c", f"touch {PWNED}; echo " + "x" * 10]
    started = with_run("command", process=evil, folder=str(SCRATCH))
    text = run(RUNNER, f"--dflare_replay={started}", status=2)
    for part in ("only data", "touch", str(PWNED), "MANIFEST.yaml", "--dflare_original=FILE --dflare_compressed=FILE", "--dflare_trust_recorded"):
        must(part in text, f"no {part} in {text}")
    must(not PWNED.exists(), "the command was started")
    # The user's own manifest: its command is run, not that of run.json.
    run(RUNNER, manifest, f"--dflare_replay={started}", status=1)
    must(not PWNED.exists(), "the command was started beside the manifest's")
    server = {"url": canary.url, "model": "linear", "version": "", "token_from": "OTHER_TOKEN_OF_THE_TEST", "connect_seconds": 5, "answer_seconds": 5,
              "back_off_seconds": 0.01, "retries": 0}
    contacted = with_run("server", server=server)
    text = run(RUNNER, f"--dflare_replay={contacted}", status=2)
    must("OTHER_TOKEN_OF_THE_TEST" in text and canary.url in text and TOKEN not in text, text)
    run(RUNNER, manifest, f"--dflare_replay={contacted}", status=1)
    must(canary.heard == [], canary.heard)
    # Another manifest of the user's names another command.
    other = SCRATCH / "other.yaml"
    other.write_text(manifest.read_text().replace("--coarse", "--fine"))
    text = run(RUNNER, other, f"--dflare_replay={finding}", status=2)
    must("no pair of 'other.yaml' has" in text.replace(str(SCRATCH) + "/", "") and "--coarse" in text, text)
    # Trusted, all of it is done.
    text = run(RUNNER, f"--dflare_replay={started}", "--dflare_trust_recorded", status=2)
    must(PWNED.exists(), f"the trusted command was not started: {text}")
    PWNED.unlink()
    run(RUNNER, f"--dflare_replay={contacted}", "--dflare_trust_recorded", status=2)
    must(any(TOKEN in heard for heard in canary.heard), canary.heard)
    canary.heard.clear()
    run(RUNNER, f"--dflare_replay={finding}", "--dflare_trust_recorded", status=1)  # ${KEY_OF_THE_TEST} is the environment's
    without = {name: value for name, value in ENVIRONMENT.items() if name != "KEY_OF_THE_TEST"}
    must("KEY_OF_THE_TEST" in run(RUNNER, f"--dflare_replay={finding}", "--dflare_trust_recorded", status=2, environment=without), "the key is missing")


def linked_pictures(manifest, out, finding):
    private = SCRATCH / "private.png"
    shutil.copy(finding / "mutant.png", private)
    linked = SCRATCH / "linked"
    for name in ("seed.png", "mutant.png"):
        shutil.rmtree(linked, ignore_errors=True)
        shutil.copytree(out / "Pair", linked / "Pair")
        picture = linked / "Pair" / finding.name / name
        picture.unlink()
        picture.symlink_to(private)
        for text in (run(REPORT, linked, f"--out={linked / 'report.html'}", status=2), run(RUNNER, manifest, f"--dflare_replay={picture.parent}", status=2),
                     run(RUNNER, manifest, f"--dflare_corpus={linked}", "--dflare_corpus_mode=replay-only", f"--dflare_out={SCRATCH / 'r2'}", status=2)):
            must("is a symbolic link" in text, text)
        picture.unlink()
        os.mkfifo(picture)
        must("no regular file" in run(RUNNER, manifest, f"--dflare_replay={picture.parent}", status=2), "a pipe")


def fields(value, at=()):
    yield at
    inside = value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    for key, part in inside:
        yield from fields(part, (*at, key))


def replaced(document, at, value):
    if not at:
        return value
    copy = json.loads(json.dumps(document))
    place = copy
    for key in at[:-1]:
        place = place[key]
    place[at[-1]] = value
    return copy


def nasty_values(canary):
    deep = []
    for _ in range(500):
        deep = [deep]
    return [None, True, -1, 0, 2**31, 2**63, 2**64 - 1, 10**400, 1e308, -1e308, 1e-320, "", "\0", "\x1b[2J", "a" * 100_000, "/etc/passwd", "../..", "${HOME}",
            f"$(touch {PWNED})", f"; touch {PWNED}", canary.url, [], {}, ["sh", "-c", f"touch {PWNED}"], [f"/bin/sh -c 'touch {PWNED}'"], [1e308] * 4,
            {"url": canary.url, "model": "linear", "token_from": "OTHER_TOKEN_OF_THE_TEST"}, {"sh": ["-c", f"touch {PWNED}"]}, deep]


def dumped(value):
    return json.dumps(value).replace(str(10**400), "1e400")


def nasty_fields(manifest, finding, canary):
    """Values take turns; the models' sources also get those that would start or contact something."""
    values = nasty_values(canary)
    texts = {name: json.loads((finding.parent / name if name == "run.json" else finding / name).read_text()) for name in ("run.json", "finding.json")}
    hostile = [value for value in values if PWNED.name in dumped(value) or canary.url in dumped(value)][::2]
    turn = itertools.count()
    cases = []
    for name, document in texts.items():
        for at in fields(document):
            source = len(at) == 3 and at[0] == "models" and at[2] in ("path", "process", "folder", "server", "name")
            own = [values[next(turn) % len(values)]]
            chosen = values if ALL else own + hostile if source else own
            cases += [(name, at, value) for value in chosen]
    server = V2Server()
    before = snapshot()

    def replay(number):
        name, at, value = cases[number]
        folder = SCRATCH / "nasty" / str(number)
        shutil.copytree(finding, folder / "Pair" / "finding")
        for kind, document in texts.items():
            file = folder / "Pair" / ("finding/" if kind == "finding.json" else "") / kind
            file.write_text(dumped(replaced(document, at, value) if kind == name else document))
        for words in ([manifest],) if number % 4 == 0 else ([],):
            # A model that is asked for what it is not may take its time to say so; the rest is instant.
            done = subprocess.run([str(RUNNER), *map(str, words), f"--dflare_replay={folder / 'Pair/finding'}"], capture_output=True, text=True,
                                  errors="replace", env=ENVIRONMENT, cwd=SCRATCH, timeout=60)
            text = done.stdout + done.stderr
            must(done.returncode in ((1, 2) if words else (2,)), f"{name} {at} = {str(value)[:80]}, {words}: exit status {done.returncode}\n{text[-2000:]}")
            must(done.returncode == 1 or done.stderr.strip(), f"{name} {at} = {str(value)[:80]}: no message")
            must("\x1b" not in text and TOKEN not in text and KEY not in text, f"{name} {at}: {text[-2000:]}")
            must(len(text) < 10_000, f"{name} {at}: a message of {len(text)} letters")
        shutil.rmtree(folder)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(replay, range(len(cases))))
    server.stop()
    must(not PWNED.exists(), "a command of a finding was started")
    must(canary.heard == [], f"a server of a finding was contacted: {canary.heard}")
    must(snapshot() == before, f"written: {snapshot() ^ before}")
    print(len(cases), "cases")


def snapshot():
    return {str(file) for file in SCRATCH.rglob("*") if "nasty" not in file.parts}


def main():
    shutil.rmtree(SCRATCH, ignore_errors=True)
    (SCRATCH / "r").mkdir(parents=True)
    canary, original = Canary(), V2Server(token=KEY)
    manifest, out = write_manifest(original), SCRATCH / "findings"
    lines_that_replay(manifest, out)
    finding = next(file.parent for file in sorted(out.rglob("finding.json")))
    refusals(manifest, finding, canary)
    linked_pictures(manifest, out, finding)
    nasty_fields(manifest, finding, canary)
    shutil.rmtree(SCRATCH)


main()
