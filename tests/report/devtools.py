"""Drives a headless Chromium over its DevTools protocol, with Python's standard library alone. Nothing here waits without end."""

import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time

SILENCE = 60  # seconds without a word of the browser's, though it was asked something
PATIENCE = 120  # seconds for one answer, and for an expression to become true
FAREWELL = 10  # seconds to end in, or to say whether it is still there

SWITCHES = (
    "--headless=new", "--remote-debugging-pipe", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--no-default-browser-check",
    "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--disable-extensions",
    "--disable-sync", "--disable-breakpad", "--allow-file-access-from-files",
    # The timers and frames of a page that no window shows go on.
    "--disable-renderer-backgrounding", "--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows",
    "--disable-hang-monitor")


def find_chromium():
    """Its path, or None where it is not installed. CHROMIUM names another."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else shutil.which("chromium")


class Error(Exception):
    """The page is not as it should be."""


class BrowserFailed(Error):
    """The browser ended, crashed, fell silent or makes no frames: it is not the page's fault."""


class Browser:
    """A browser with one page. Use it in a with statement."""

    def __init__(self, chromium, width=1400, height=1000):
        self.profile = tempfile.mkdtemp(prefix="dflare-browser-")
        to_browser, self.output = os.pipe()
        self.input, from_browser = os.pipe()
        os.set_blocking(self.output, False)

        def take_descriptors():  # the protocol's are 3 and 4
            # Copied first, for they may be one another's number.
            reading, writing = os.dup(to_browser), os.dup(from_browser)
            os.dup2(reading, 3)
            os.dup2(writing, 4)

        arguments = [*SWITCHES, f"--user-data-dir={self.profile}", f"--window-size={width},{height}"]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")  # which Chromium refuses to make for root
        self.log = pathlib.Path(self.profile, "dflare-stderr.txt")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([chromium, *arguments, "about:blank"], preexec_fn=take_descriptors, pass_fds=(3, 4),
                                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log)
        os.close(to_browser)
        os.close(from_browser)
        self.buffer, self.last_id, self.session, self.events = b"", 0, None, []
        try:
            # The page it began with, which is in the foreground.
            self.session = self.command("Target.attachToTarget", targetId=self.first_page(), flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Network", "Log", "Inspector"):
                self.command(f"{domain}.enable")
            self.command("Page.setLifecycleEventsEnabled", enabled=True)
            self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
            self.command("Emulation.setFocusEmulationEnabled", enabled=True)
            self.command("Page.bringToFront")
        except BaseException:
            self.end()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        """Ends the browser, by force where it does not end by itself."""
        try:
            self.session = None
            self.command("Browser.close", _patience=FAREWELL)
            self.process.wait(FAREWELL)
        except (Error, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        os.close(self.output)
        os.close(self.input)
        shutil.rmtree(self.profile, ignore_errors=True)

    def first_page(self):
        until = time.monotonic() + SILENCE
        while time.monotonic() < until:
            for target in self.command("Target.getTargets")["targetInfos"]:
                if target["type"] == "page":
                    return target["targetId"]
            time.sleep(0.05)
        raise BrowserFailed(f"the browser opened no page within {SILENCE} s")

    # ---- The protocol ----

    def command(self, method, _patience=None, **parameters):
        """The answer to a command, for which `_patience` seconds are waited."""
        self.last_id += 1
        message = {"id": self.last_id, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.write(json.dumps(message).encode() + b"\0")
        patience = PATIENCE if _patience is None else _patience
        until = time.monotonic() + patience
        while True:
            answer = self.read(min(SILENCE, until - time.monotonic()))
            if answer is None:
                self.must_be_there(method)
                raise Error(f"{method}: the browser is there, but the page did not answer within {min(SILENCE, patience)} s")
            if answer.get("id") == self.last_id:
                if "error" in answer:
                    raise Error(f"{method}: {answer['error']}")
                return answer["result"]

    def write(self, data):
        while data:
            if not select.select([], [self.output], [], SILENCE)[1]:
                raise BrowserFailed(f"the browser took nothing for {SILENCE} s")
            try:
                data = data[os.write(self.output, data):]
            except BlockingIOError:
                time.sleep(0.01)
            except BrokenPipeError:
                raise self.ended() from None

    def read(self, seconds):
        """The next message; None where there is none for so long."""
        until = time.monotonic() + seconds
        while b"\0" not in self.buffer:
            if not select.select([self.input], [], [], max(0, until - time.monotonic()))[0]:
                return None
            part = os.read(self.input, 1 << 20)
            if not part:
                raise self.ended()
            self.buffer += part
        text, self.buffer = self.buffer.split(b"\0", 1)
        message = json.loads(text)
        if "method" in message:
            if message["method"] in ("Inspector.targetCrashed", "Target.targetCrashed"):
                raise BrowserFailed(f"the page's process crashed: {message.get('params', {})}")
            self.events.append(message)
        return message

    def ended(self):
        try:
            status = f"exit status {self.process.wait(FAREWELL)}"
        except subprocess.TimeoutExpired:
            status = "it closed its pipe"
        said = self.log.read_text(errors="replace").strip()[-1000:]
        return BrowserFailed(f"the browser ended: {status}, and said: {said or 'nothing'}")

    def must_be_there(self, asked):
        """BrowserFailed where the browser, not the page, no longer answers."""
        session, self.session = self.session, None
        try:
            self.last_id += 1
            self.write(json.dumps({"id": self.last_id, "method": "Browser.getVersion"}).encode() + b"\0")
            until = time.monotonic() + FAREWELL
            while time.monotonic() < until:
                answer = self.read(until - time.monotonic())
                if answer is not None and answer.get("id") == self.last_id:
                    return
        finally:
            self.session = session
        raise BrowserFailed(f"the browser fell silent when asked for {asked}")

    def events_of(self, method):
        return [event["params"] for event in self.events if event["method"] == method]

    # ---- The page ----

    def open(self, url, at_start=""):
        """Opens a page and waits for the load event of that very document. `at_start` is a script that runs before all others."""
        if at_start:
            self.command("Page.addScriptToEvaluateOnNewDocument", source=at_start)
        opened = self.command("Page.navigate", url=url)
        if "errorText" in opened:
            raise Error(f"{url}: {opened['errorText']}")
        until = time.monotonic() + PATIENCE
        while not any(event["name"] == "load" and event["loaderId"] == opened["loaderId"] for event in self.events_of("Page.lifecycleEvent")):
            if self.read(min(SILENCE, until - time.monotonic())) is None:
                self.must_be_there("Page.navigate")
                raise Error(f"{url} was not loaded within {SILENCE} s; {self.state()}")

    def evaluate(self, expression, _patience=None):
        """The value of a JavaScript expression, awaited where it is a promise."""
        try:
            result = self.command("Runtime.evaluate", _patience=_patience, expression=expression, returnByValue=True, awaitPromise=True)
        except BrowserFailed:
            raise
        except Error as error:
            raise Error(f"{expression}: {error}") from None
        if "exceptionDetails" in result:
            raise Error(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def wait_for(self, expression):
        """Waits until a JavaScript expression is true."""
        until = time.monotonic() + SILENCE
        while not self.evaluate(f"Boolean({expression})"):
            if time.monotonic() > until:
                self.must_make_frames()
                raise Error(f"{expression} did not become true within {SILENCE} s; {self.state()}")
            time.sleep(0.02)

    def frame(self):
        """Waits until the page has been drawn anew, after what runs in its next frame."""
        if not self.frames_within(SILENCE):
            raise BrowserFailed(f"the page got no frame within {SILENCE} s; {self.state()}")

    def must_make_frames(self):
        if not self.frames_within(FAREWELL):
            raise BrowserFailed(f"the page got no frame within {FAREWELL} s; {self.state()}")

    def frames_within(self, seconds):
        return self.evaluate(f"""new Promise(done => {{
            requestAnimationFrame(() => requestAnimationFrame(() => done(true)));
            setTimeout(() => done(false), {int(1000 * seconds)}); }})""", _patience=2 * seconds)

    def state(self):
        """What a message says of the page."""
        try:
            return self.evaluate("""`the page: ${location.href}, ${document.readyState}, ${document.visibilityState}, ` +
                `${history.length} in its history, scrolled to ${scrollY}, ` +
                `it begins: ${(document.querySelector('dialog[open]') ?? document.body).innerText.slice(0, 300)}`""", _patience=FAREWELL)
        except Error as error:
            return f"the page's state is not to be had: {error}"

    def press(self, key, code=0):
        for kind in ("keyDown", "keyUp"):
            self.command("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code,
                         text="\r" if key == "Enter" and kind == "keyDown" else "")

    def prefer(self, scheme):
        """'light' or 'dark', as the system would say it."""
        self.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def screenshot(self, path):
        data = self.command("Page.captureScreenshot", format="png")["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))


def file_url(path):
    return pathlib.Path(path).resolve().as_uri()
