"""Drives a headless Chromium over its DevTools protocol, with Python's standard library alone."""

import base64
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time


def find_chromium():
    """Its path, or None where it is not installed. CHROMIUM names another."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else shutil.which("chromium")


class Error(Exception):
    pass


class Browser:
    """A browser with one page. Use it in a with statement."""

    def __init__(self, chromium, width=1400, height=1000):
        self.profile = tempfile.mkdtemp(prefix="dflare-browser-")
        to_browser, self.output = os.pipe()
        self.input, from_browser = os.pipe()

        def take_descriptors():  # the protocol's are 3 and 4
            # Copied first, for they may be one another's number.
            reading, writing = os.dup(to_browser), os.dup(from_browser)
            os.dup2(reading, 3)
            os.dup2(writing, 4)

        arguments = ["--headless=new", "--remote-debugging-pipe", f"--user-data-dir={self.profile}", f"--window-size={width},{height}",
                     "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-dev-shm-usage", "--disable-background-networking",
                     "--allow-file-access-from-files"]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")  # which Chromium refuses to make for root
        self.process = subprocess.Popen([chromium, *arguments, "about:blank"], preexec_fn=take_descriptors, pass_fds=(3, 4),
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.buffer, self.last_id, self.session, self.events = b"", 0, None, []
        target = self.command("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.command("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.command(f"{domain}.enable")
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.session = None
            self.command("Browser.close")
        except (Error, OSError):
            self.process.kill()
        self.process.wait()
        os.close(self.output)
        os.close(self.input)
        shutil.rmtree(self.profile, ignore_errors=True)

    def command(self, method, **parameters):
        self.last_id += 1
        message = {"id": self.last_id, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.output, data):]
        while True:
            answer = self.read()
            if answer.get("id") == self.last_id:
                if "error" in answer:
                    raise Error(f"{method}: {answer['error']}")
                return answer["result"]

    def read(self):
        while b"\0" not in self.buffer:
            part = os.read(self.input, 1 << 20)
            if not part:
                raise Error("the browser ended")
            self.buffer += part
        text, self.buffer = self.buffer.split(b"\0", 1)
        message = json.loads(text)
        if "method" in message:
            self.events.append(message)
        return message

    def events_of(self, method):
        return [event["params"] for event in self.events if event["method"] == method]

    def open(self, url, at_start=""):
        """Opens a page and waits for its load event. `at_start` is a script that runs before all others."""
        if at_start:
            self.command("Page.addScriptToEvaluateOnNewDocument", source=at_start)
        self.events.clear()
        self.command("Page.navigate", url=url)
        while not self.events_of("Page.loadEventFired"):
            self.read()

    def evaluate(self, expression):
        """The value of a JavaScript expression, awaited where it is a promise."""
        result = self.command("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise Error(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def wait_for(self, expression):
        """Waits until a JavaScript expression is true."""
        while not self.evaluate(f"Boolean({expression})"):
            time.sleep(0.02)

    def press(self, key, code=0):
        for kind in ("keyDown", "keyUp"):
            self.command("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, text="\r" if key == "Enter" and kind == "keyDown" else "")

    def prefer(self, scheme):
        """'light' or 'dark', as the system would say it."""
        self.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def screenshot(self, path):
        data = self.command("Page.captureScreenshot", format="png")["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))


def file_url(path):
    return pathlib.Path(path).resolve().as_uri()
