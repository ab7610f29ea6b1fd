#!/usr/bin/env python3
"""A server that fails in the middle of a search: the exit status and the message say what happened, and what was found before is there.

usage: server_faults_test.py DFLARE_TEST SCRATCH_FOLDER
"""

import json
import os
import pathlib
import random
import shutil
import struct
import subprocess
import sys

from v2_server import SIDE, V2Server

SEEDS = 32
TOKEN = "k3ep-me-0ut-0f-files"


def must(condition, what):
    if not condition:
        sys.exit(str(what))


def write_seeds(path):
    draw = random.Random(1)
    path.write_bytes(struct.pack(">IIII", 0x803, SEEDS, SIDE, SIDE) + bytes(draw.randrange(256) for _ in range(SEEDS * SIDE * SIDE)))


class Run:
    """dflare-test on a pair of which the compressed model is behind the server that fails."""

    def __init__(self, runner, scratch, name, compressed, **settings):
        self.folder = scratch / name
        self.folder.mkdir()
        with_settings = "".join(f", {key}: {value}" for key, value in settings.items())
        original = V2Server()
        manifest = self.folder / "pairs.yaml"
        manifest.write_text(f"""dflare: 1
pairs:
  - name: Pair
    original: {{url: "{original.url}", model: linear}}
    compressed: {{url: "{compressed.url}", model: linear, back_off_seconds: 0.01{with_settings}}}
    seeds: {{idx: {scratch / 'seeds'}}}
    options: {{queries: 20, block: 8, batch: 8, workers: 1, path: mutation}}
""")
        done = subprocess.run([runner, manifest, f"--dflare_out={self.findings}", f"--dflare_json={self.folder / 'results.json'}",
                               f"--dflare_report={self.folder / 'report.html'}", f"--gtest_output=xml:{self.folder / 'junit.xml'}"],
                              capture_output=True, text=True, env={**os.environ, "DFLARE_TOKEN_OF_THE_TEST": TOKEN})
        self.status, self.text = done.returncode, done.stdout + done.stderr
        (self.folder / "console").write_text(self.text)
        original.stop()
        compressed.stop()

    @property
    def findings(self):
        return self.folder / "findings"

    def found(self):
        return found_in(self.findings)

    def outcomes(self):
        return json.loads((self.folder / "results.json").read_text())["pairs"][0]["outcomes"]


def found_in(folder):
    return {file.parent.name: (file.parent / "mutant.png").read_bytes() for file in folder.rglob("finding.json")}


def half_way(total, folder, fault):
    """The fault from the middle of the search on; keeps what had been found by then."""

    def from_then_on(handler, images):
        if from_then_on.server.infers <= total // 2:
            return False
        if from_then_on.before is None:
            from_then_on.before = found_in(folder)
        return fault(handler, images, from_then_on.server)

    from_then_on.before = None
    return from_then_on


def refuses(handler, _images, server):
    handler.close_connection = True
    server.stop()
    return True


def answers_500(handler, _images, _server):
    handler.say(500, {"error": f"out of luck; you are {handler.headers['Authorization']}"})
    return True


def breaks_off(handler, _images, _server):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"outputs"')
    handler.close_connection = True
    return True


def is_slow(_handler, _images, server):
    server.stopping.wait()
    return True


def main(runner, scratch):
    scratch = pathlib.Path(scratch).resolve()
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    write_seeds(scratch / "seeds")

    well = V2Server(steps=4)
    whole = Run(runner, scratch, "well", well)
    must(whole.status == 1 and whole.outcomes()["error"] == 0, whole.text)
    must(len(whole.found()) >= SEEDS // 4, f"only {len(whole.found())} findings to lose\n{whole.text}")

    for name, fault, message, settings in (
            ("refuses", refuses, "no connection: refused", {}),
            ("answers_500", answers_500, 'answered 500: "out of luck; you are Bearer (the token)"', {"token_from": "DFLARE_TOKEN_OF_THE_TEST"}),
            ("breaks_off", breaks_off, "the connection broke before the answer was whole", {}),
            ("is_slow", is_slow, "no answer within 0.3 s", {"answer_seconds": 0.3, "retries": 1})):
        wrong = half_way(well.infers, scratch / name / "findings", fault)
        server = V2Server(steps=4, token=TOKEN if settings.get("token_from") else None, fault=wrong)
        wrong.server = server
        run = Run(runner, scratch, name, server, **settings)
        found = run.found()
        must(run.status == 1, f"{name}: exit status {run.status}\n{run.text}")
        must(message in run.text, f"{name}: '{message}' is not in\n{run.text}")
        must(run.outcomes()["error"] > 0, f"{name}: {run.outcomes()}")
        must(wrong.before, f"{name}: nothing was found before the fault; this proves nothing")
        must(wrong.before.items() <= found.items(), f"{name}: findings are gone: {sorted(wrong.before.keys() - found.keys())}")
        must(found.items() <= whole.found().items(), f"{name}: findings that are none: {sorted(found.keys() - whole.found().keys())}")

    # One image that the server cannot take costs its own seed alone.
    draw = (scratch / "seeds").read_bytes()
    victim = [pixel / 255 for pixel in draw[16 + 5 * SIDE * SIDE:16 + 6 * SIDE * SIDE]]

    def hates_one(handler, images):
        if not any(max(abs(a - b) for a, b in zip(image, victim)) < 1e-6 for image in images):
            return False
        handler.say(500, {"error": "not this one"})
        return True

    run = Run(runner, scratch, "hates_one", V2Server(steps=4, fault=hates_one))
    must(run.status == 1 and run.outcomes()["error"] == 1 and "not this one" in run.text, f"{run.outcomes()}\n{run.text}")

    gone = V2Server()
    gone.stop()
    run = Run(runner, scratch, "gone", gone)
    must(run.status == 2 and "The pair could not be tested" in run.text and "no connection: refused" in run.text, run.text)

    written = [file for file in scratch.rglob("*") if file.is_file()]
    for file in written:
        must(TOKEN.encode() not in file.read_bytes(), f"{file} holds the token")
    must(any(b"DFLARE_TOKEN_OF_THE_TEST" in file.read_bytes() for file in written if file.name == "run.json"), "no run.json names the variable")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
