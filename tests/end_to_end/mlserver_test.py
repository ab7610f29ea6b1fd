#!/usr/bin/env python3
"""dflare-test against a real MLServer that serves an int8 ONNX file, and that is then killed.

usage: mlserver_test.py DFLARE_TEST PYTHON SERVER_CODE SCRATCH_FOLDER

PYTHON can import mlserver and onnxruntime; SERVER_CODE is examples/serve_model/mlserver_model.py. Exit status 77 (skipped) where there are no
real data or PYTHON cannot.
"""

import json
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.request
import zlib

SKIPPED = 77
ASK_DIRECTLY = """
import json, sys, numpy, onnxruntime
session = onnxruntime.InferenceSession(sys.argv[1])
images = numpy.frombuffer(sys.stdin.buffer.read(), numpy.uint8).reshape(-1, 1, 28, 28).astype(numpy.float32) / numpy.float32(255)
print(json.dumps([session.run(None, {session.get_inputs()[0].name: image[None]})[0][0].tolist() for image in images]))
"""


def must(condition, what):
    if not condition:
        sys.exit(str(what))


def free_ports(count):
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


class MlServer:
    def __init__(self, python, code, folder, onnx):
        folder.mkdir()
        shutil.copy(code, folder)
        http, grpc, metrics = free_ports(3)
        (folder / "settings.json").write_text(json.dumps(
            {"host": "127.0.0.1", "http_port": http, "grpc_port": grpc, "metrics_port": metrics, "parallel_workers": 0}))
        model = json.loads((code.parent / "model-settings.json").read_text())
        model["parameters"]["uri"] = str(onnx)
        (folder / "model-settings.json").write_text(json.dumps(model))
        self.url, self.log = f"http://127.0.0.1:{http}", folder / "log"
        with open(self.log, "w") as log:
            start = "import sys; from mlserver.cli import main; sys.argv = ['mlserver', 'start', '.']; main()"
            self.process = subprocess.Popen([python, "-c", start], cwd=folder, stdout=log, stderr=log)

    def wait_until_ready(self):
        for _ in range(600):
            must(self.process.poll() is None, f"MLServer ended:\n{self.log.read_text()}")
            try:
                if urllib.request.urlopen(f"{self.url}/v2/models/lenet/ready", timeout=5).status == 200:
                    return
            except OSError:
                time.sleep(0.2)
        sys.exit(f"MLServer is not ready:\n{self.log.read_text()}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def grey_pixels(png):
    """The pixels of an 8-bit grey PNG without interlacing."""
    data, at, packed = png.read_bytes(), 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", body)
            must((depth, colour, interlaced) == (8, 0, 0), f"{png} is no plain grey PNG")
        elif kind == b"IDAT":
            packed += body
        at += length + 12
    raw, rows, above = zlib.decompress(packed), b"", bytes(width)
    for y in range(height):
        kind, line = raw[y * (width + 1)], bytearray(raw[y * (width + 1) + 1:(y + 1) * (width + 1)])
        for x in range(width):
            a, b, c = (line[x - 1] if x else 0), above[x], (above[x - 1] if x else 0)
            nearest = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
            line[x] = (line[x] + (0, a, b, (a + b) // 2, nearest)[kind]) % 256
        above = bytes(line)
        rows += above
    return rows


def found_in(folder):
    # Also while more are written, into folders whose names begin with a dot, which then get others.
    return sorted(file.parent for file in folder.glob("*/[!.]*/finding.json"))


class Search:
    def __init__(self, runner, scratch, data, url, take):
        self.out = scratch / "findings"
        self.results = scratch / "results.json"
        manifest = scratch / "pairs.yaml"
        mnist = data / "data" / "mnist" / "t10k"
        manifest.write_text(f"""dflare: 1
pairs:
  - name: Served
    original: {data / 'models' / 'mnist_lenet5.pt'}
    compressed: {{url: "{url}", model: lenet, back_off_seconds: 0.05}}
    input: {{channels: 1, size: 28}}
    seeds: {{idx: {mnist}-images-idx3-ubyte.gz, labels: {mnist}-labels-idx1-ubyte.gz, take: {take}}}
    options: {{queries: 20, block: 16}}
""")
        self.command = [runner, str(manifest), f"--dflare_out={self.out}", f"--dflare_json={self.results}"]

    def start(self):
        return subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def run(self):
        done = self.start()
        text = done.communicate()[0]
        return done.returncode, text

    def outcomes(self):
        return json.loads(self.results.read_text())["pairs"][0]["outcomes"]


def check_labels(python, onnx, folders):
    """What the server answered is what ONNX Runtime answers when it is asked directly, image by image."""
    pixels = b"".join(grey_pixels(folder / "mutant.png") for folder in folders)
    asked = subprocess.run([python, "-c", ASK_DIRECTLY, onnx], input=pixels, capture_output=True)
    must(asked.returncode == 0, asked.stderr.decode())
    for folder, logits in zip(folders, json.loads(asked.stdout), strict=True):
        recorded = json.loads((folder / "finding.json").read_text())["compressed"]["labels"]
        direct = [label for label, logit in enumerate(logits) if logit == max(logits)]
        must(recorded == direct, f"{folder}: recorded {recorded}, ONNX Runtime answers {direct}")


def main(runner, python, code, scratch):
    code, scratch = pathlib.Path(code).resolve(), pathlib.Path(scratch).resolve()
    data = pathlib.Path(os.environ.get("DFLARE_DATA") or code.parents[3] / "shared").resolve()
    onnx = data / "models" / "mnist_lenet5_int8.onnx"
    if not onnx.is_file():
        print(f"skipped: no {onnx} (DFLARE_DATA)")
        return SKIPPED
    imported = subprocess.run([python, "-c", "import mlserver, onnxruntime"], capture_output=True, text=True)
    if imported.returncode != 0:
        print(f"skipped: {python} cannot import mlserver and onnxruntime: {imported.stderr[-300:]}")
        return SKIPPED
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    servers = []

    def serve(name):
        servers.append(MlServer(python, code, scratch / name, onnx))
        servers[-1].wait_until_ready()
        return servers[-1]

    try:
        server = serve("server")
        few = scratch / "few"
        few.mkdir()
        search = Search(runner, few, data, server.url, 32)
        status, text = search.run()
        folders = found_in(search.out)
        must(status == 1 and "server, mlserver 1." in text, text)
        must(len(folders) >= 16 and search.outcomes()["error"] == 0, f"{search.outcomes()}\n{text}")
        check_labels(python, onnx, folders)
        replayed = subprocess.run([runner, search.command[1], f"--dflare_replay={folders[0]}"], capture_output=True, text=True)
        must(replayed.returncode == 1 and "It deviates" in replayed.stdout, replayed.stdout + replayed.stderr)

        server.kill()
        status, text = search.run()
        must(status == 2 and "no connection: refused" in text and "(4 attempts)" in text, f"exit status {status}\n{text}")
        must(found_in(search.out) == folders, "findings are gone after a run that could not begin")

        # Killed in the middle: as soon as there are some findings, of many to come.
        server = serve("server_to_be_killed")
        many = scratch / "many"
        many.mkdir()
        search = Search(runner, many, data, server.url, 4000)
        running = search.start()
        while len(before := found_in(search.out)) < 16:
            must(running.poll() is None, "the search ended before it could be disturbed")
            time.sleep(0.01)
        server.kill()
        text = running.communicate()[0]
        must(running.returncode == 1, f"exit status {running.returncode}\n{text[-3000:]}")
        must("no connection: refused" in text or "the connection broke" in text, text[-3000:])
        outcomes, after = search.outcomes(), found_in(search.out)
        must(outcomes["error"] > 0, outcomes)
        must(set(before) <= set(after), "findings are gone")
        must(outcomes["found"] + outcomes["as_it_is"] == len(after), f"{outcomes} and {len(after)} findings")
    finally:
        for one in servers:
            one.process.kill()
            one.process.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
