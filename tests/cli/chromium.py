"""chromium.py: a page in headless Chromium, over the DevTools protocol on two pipes:
no port, no driver, nothing but the browser.

    with chromium.Page(path, home) as page:
        page.evaluate("document.title")
        page.requests      # what it asked for, the page itself included
        page.messages      # console, errors, breaches of the content security policy
"""

import base64
import json
import os
import select
import shutil
import subprocess
import time

PROGRAM = next((p for p in map(shutil.which, (
    "chromium", "chromium-browser", "google-chrome")) if p), None)
TIMEOUT = 60


class Page:
    def __init__(self, path, home, width=1280, height=900, dark=False):
        self.requests, self.messages, self.replies = [], [], {}
        self.last, self.buffer = 0, b""
        to_read, self.to = os.pipe()
        self.fro, from_write = os.pipe()
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", 'exec "$@" 3<&%d 4>&%d' % (to_read, from_write),
             "sh", PROGRAM, "--headless=new", "--no-sandbox", "--disable-gpu",
             "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-extensions",
             "--disable-component-update", "--remote-debugging-pipe",
             "--user-data-dir=" + os.path.join(home, "chromium"),
             "--window-size=%d,%d" % (width, height), "about:blank"],
            pass_fds=(to_read, from_write), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "HOME": home, "LC_ALL": "C.UTF-8"})
        os.close(to_read)
        os.close(from_write)
        self.session = None
        try:
            self.open(path, width, height, dark)
        except BaseException:
            self.close()
            raise

    def open(self, path, width, height, dark):
        target = next(t for t in self.call("Target.getTargets")["targetInfos"]
                      if t["type"] == "page")
        self.session = self.call("Target.attachToTarget", flatten=True,
                                 targetId=target["targetId"])["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(domain + ".enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width,
                  height=height, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme",
             "value": "dark" if dark else "light"}])
        self.call("Page.navigate", url="file://" + path)
        self.wait("document.readyState === 'complete'")

    def call(self, method, **params):
        self.last += 1
        message = {"id": self.last, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + TIMEOUT
        while self.last not in self.replies:
            self.read(end)
        reply = self.replies.pop(self.last)
        if "error" in reply:
            raise AssertionError("%s: %s" % (method, reply["error"]))
        return reply["result"]

    def read(self, end):
        """One message of the browser's."""
        while b"\0" not in self.buffer:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.fro], [], [], left)[0]:
                raise AssertionError("Chromium does not answer")
            data = os.read(self.fro, 1 << 16)
            if not data:
                raise AssertionError("Chromium has ended")
            self.buffer += data
        text, self.buffer = self.buffer.split(b"\0", 1)
        message = json.loads(text)
        if "id" in message:
            self.replies[message["id"]] = message
        elif message["method"] == "Network.requestWillBeSent":
            self.requests.append(message["params"]["request"]["url"])
        elif message["method"] in ("Runtime.consoleAPICalled", "Log.entryAdded",
                                   "Runtime.exceptionThrown",
                                   "Page.javascriptDialogOpening"):
            self.messages.append(message["params"])

    def evaluate(self, expression):
        """The value of a JavaScript expression; promises are waited for."""
        done = self.call("Runtime.evaluate", expression=expression,
                         returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in done:
            raise AssertionError("%s: %s" % (expression,
                                             done["exceptionDetails"]))
        return done["result"].get("value")

    def wait(self, condition):
        end = time.monotonic() + TIMEOUT
        while not self.evaluate("Boolean(%s)" % condition):
            if time.monotonic() > end:
                raise AssertionError("never true: " + condition)
            time.sleep(0.02)

    def press(self, key, text=None):
        """One key, as from a keyboard."""
        code = {"Tab": 9, "Enter": 13, "ArrowRight": 39, "ArrowLeft": 37}
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key,
                      windowsVirtualKeyCode=code.get(key, ord(key[0])),
                      **({"text": text or ("\r" if key == "Enter" else key)}
                         if kind == "keyDown" and (key == "Enter" or
                                                   len(key) == 1) else {}))

    def screenshot(self, path, whole=True):
        done = self.call("Page.captureScreenshot", format="png",
                         captureBeyondViewport=whole)
        with open(path, "wb") as file:
            file.write(base64.b64decode(done["data"]))

    def pdf(self):
        return base64.b64decode(self.call("Page.printToPDF")["data"])

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.to)
        os.close(self.fro)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
