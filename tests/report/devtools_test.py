"""devtools.py gives up, and says on what, where a browser ends, crashes, falls silent or draws nothing. The browsers are made up."""

import os
import pathlib
import stat
import sys
import tempfile
import time
import unittest

import devtools

# Answers as a browser whose page is as BEHAVIOUR says.
FAKE = '''#!{python}
import json, os, sys, time
behaviour = {behaviour!r}
def say(message):
    os.write(4, json.dumps(message).encode() + b"\\0")
if behaviour == "ends at once":
    sys.exit("no room for a browser")
buffer = b""
while True:
    part = os.read(3, 65536)
    if not part:
        break
    buffer += part
    while b"\\0" in buffer:
        text, buffer = buffer.split(b"\\0", 1)
        asked = json.loads(text)
        method, expression = asked["method"], asked.get("params", {{}}).get("expression", "")
        result = {{}}
        if behaviour == "silent":
            continue
        if method == "Target.getTargets":
            result = {{"targetInfos": [] if behaviour == "no page" else [{{"type": "page", "targetId": "1"}}]}}
        elif method == "Target.attachToTarget":
            result = {{"sessionId": "s"}}
        elif method == "Browser.close":
            if behaviour == "does not end":
                time.sleep(3600)
            say({{"id": asked["id"], "result": {{}}}})
            sys.exit(0)
        elif method == "Page.navigate":
            result = {{"loaderId": "L"}}
        elif method == "Runtime.evaluate":
            if behaviour == "crashes":
                say({{"method": "Inspector.targetCrashed"}})
            if behaviour == "page hangs":
                continue
            value = "the page: made up" if expression.startswith("`") else False
            if "requestAnimationFrame" in expression:
                value = behaviour != "no frames"
            result = {{"result": {{"value": value}}}}
        say({{"id": asked["id"], "result": result}})
'''


class GivesUp(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        for name in ("SILENCE", "PATIENCE", "FAREWELL"):
            self.addCleanup(setattr, devtools, name, getattr(devtools, name))

    def in_haste(self):
        devtools.SILENCE, devtools.PATIENCE = 1, 2

    def browser(self, behaviour):
        path = pathlib.Path(self.folder.name, "chromium")
        path.write_text(FAKE.format(python=sys.executable, behaviour=behaviour))
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return devtools.Browser(str(path))

    def failure(self, behaviour, use, kind):
        """The message; no process is left."""
        began = time.monotonic()
        with self.assertRaises(kind) as raised:
            with self.browser(behaviour) as browser:  # which a busy machine may be slow to start
                self.in_haste()
                use(browser)
        self.assertIs(type(raised.exception), kind)
        self.assertLess(time.monotonic() - began, 60)
        return str(raised.exception)

    def test_a_browser_that_ends(self):
        message = self.failure("ends at once", None, devtools.BrowserFailed)
        self.assertIn("the browser ended: exit status 1, and said: no room for a browser", message)

    def test_a_browser_that_says_nothing(self):
        self.in_haste()
        devtools.FAREWELL = 1
        self.assertIn("the browser fell silent when asked for Target.getTargets", self.failure("silent", None, devtools.BrowserFailed))

    def test_a_browser_that_opens_no_page(self):
        devtools.SILENCE = 5
        self.assertIn("the browser opened no page within 5 s", self.failure("no page", None, devtools.BrowserFailed))

    def test_a_page_that_crashes(self):
        message = self.failure("crashes", lambda browser: browser.evaluate("1 + 1"), devtools.BrowserFailed)
        self.assertIn("the page's process crashed", message)

    def test_a_page_that_does_not_answer(self):
        message = self.failure("page hangs", lambda browser: browser.evaluate("1 + 1"), devtools.Error)
        self.assertIn("1 + 1: Runtime.evaluate: the browser is there, but the page did not answer within 1 s", message)

    def test_a_page_that_is_never_loaded(self):
        message = self.failure("sound", lambda browser: browser.open("file:///x.html"), devtools.Error)
        self.assertIn("file:///x.html was not loaded within 1 s; the page: made up", message)

    def test_what_never_becomes_true(self):
        message = self.failure("sound", lambda browser: browser.wait_for("open === 3"), devtools.Error)
        self.assertIn("open === 3 did not become true within 1 s; the page: made up", message)

    def test_a_browser_that_draws_nothing(self):
        for use in (devtools.Browser.frame, lambda browser: browser.wait_for("open === 3")):
            message = self.failure("no frames", use, devtools.BrowserFailed)
            self.assertRegex(message, "the page got no frame within [0-9]+ s; the page: made up")

    def test_a_browser_that_does_not_end(self):
        with self.browser("does not end") as browser:
            devtools.FAREWELL = 1
        self.assertIsNotNone(browser.process.returncode)
        self.assertFalse(os.path.exists(browser.profile))

    def test_a_browser_that_is_sound(self):
        with self.browser("sound") as browser:
            browser.frame()
        self.assertEqual(browser.process.returncode, 0)


if __name__ == "__main__":
    unittest.main()
