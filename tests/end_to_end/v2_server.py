"""A small server of the open inference protocol, version 2, from Python's standard library: a linear model of 8 x 8 grey pixels."""

import http.server
import json
import threading

SIDE = 8
CLASSES = 4


def scores(pixels, steps):
    """Logits; `steps` rounds the weights to as many steps, which makes a compressed model of it."""
    weights = [[((i * 37 + c * 11) % 64 - 31.5) / 32 for i in range(SIDE * SIDE)] for c in range(CLASSES)]
    if steps:
        weights = [[round(weight * steps) / steps for weight in row] for row in weights]
    return [sum(weight * pixel for weight, pixel in zip(row, pixels)) for row in weights]


class V2Server:
    """Serves the model "linear" on a free port. `fault(handler, images)` may answer a request to infer in its own way and return True."""

    def __init__(self, steps=0, token=None, fault=None):
        self.steps, self.token, self.fault = steps, token, fault
        self.infers = 0
        self.stopping = threading.Event()
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler_class())
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self):
        if not self.stopping.is_set():
            self.stopping.set()
            self.http.shutdown()
            self.http.server_close()

    def handler_class(server):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def log_message(self, *_):
                pass

            def say(self, status, answer, headers=()):
                body = json.dumps(answer).encode()
                self.send_response(status)
                for name, value in (*headers, ("Content-Length", len(body))):
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def may_ask(self):
                if server.stopping.is_set():
                    self.close_connection = True
                    return False
                if server.token and self.headers["Authorization"] != f"Bearer {server.token}":
                    self.say(401, {"error": "who is there?"})
                    return False
                return True

            def do_GET(self):
                if not self.may_ask():
                    return
                if self.path == "/v2":
                    self.say(200, {"name": "standard library", "version": "3", "extensions": []})
                elif self.path == "/v2/models/linear/ready":
                    self.say(200, {})
                elif self.path == "/v2/models/linear":
                    shape = [-1, 1, SIDE, SIDE]
                    self.say(200, {"name": "linear", "platform": "", "inputs": [{"name": "x", "datatype": "FP32", "shape": shape}],
                                   "outputs": [{"name": "y", "datatype": "FP32", "shape": [-1, CLASSES]}]})
                else:
                    self.say(404, {"error": "no such model"})

            def do_POST(self):
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if not self.may_ask():
                    return
                server.infers += 1
                data, size = request["inputs"][0]["data"], SIDE * SIDE
                images = [data[at:at + size] for at in range(0, len(data), size)]
                if server.fault and server.fault(self, images):
                    return
                rows = [scores(image, server.steps) for image in images]
                self.say(200, {"model_name": "linear", "outputs": [{"name": "y", "datatype": "FP32", "shape": [len(rows), CLASSES],
                                                                    "data": [score for row in rows for score in row]}]})

        return Handler
