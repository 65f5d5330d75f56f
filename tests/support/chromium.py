# SPDX-License-Identifier: Apache-2.0
"""Chromium without a screen, spoken to through a pair of pipes (its DevTools protocol): nothing but Python's library is needed."""

import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]


def program():
    """The path of a Chromium that starts here; None where there is none."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        return None
    try:
        done = subprocess.run([path, "--version"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60,
                              check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return path if done.returncode == 0 and b"Chrom" in done.stdout else None


class Page:
    """One page. What it writes to the console, and every address that it asks for, is kept."""

    SECONDS = 60

    def __init__(self, path):
        self.folder = tempfile.mkdtemp(prefix="actbench chromium ")
        self.console, self.requests, self.next, self.buffer, self.results = [], [], 0, b"", {}
        read, self.out = os.pipe()
        self.into, write = os.pipe()

        def pipes():  # Chromium reads from 3 and writes to 4
            os.dup2(read, 100)
            os.dup2(write, 101)
            os.dup2(100, 3)
            os.dup2(101, 4)
            os.setsid()

        self.process = subprocess.Popen(
            [path, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--hide-scrollbars", f"--user-data-dir={self.folder}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False, preexec_fn=pipes)
        os.close(read)
        os.close(write)
        target = self.call("Target.getTargets", session=None)["targetInfos"]
        page = next(t for t in target if t["type"] == "page")
        self.session = self.call("Target.attachToTarget", session=None, targetId=page["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "DOM", "Accessibility"):
            self.call(f"{domain}.enable")

    def close(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        os.close(self.out)
        os.close(self.into)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _take(self, deadline):
        """Messages up to the next that there is, or an error after the deadline."""
        while b"\0" not in self.buffer:
            if not select.select([self.into], [], [], max(0, deadline - time.monotonic()))[0]:
                raise TimeoutError("Chromium does not answer")
            part = os.read(self.into, 1 << 20)
            if not part:
                raise EOFError("Chromium ended")
            self.buffer += part
        message, self.buffer = self.buffer.split(b"\0", 1)
        message = json.loads(message)
        method, parameters = message.get("method"), message.get("params", {})
        if "id" in message:
            self.results[message["id"]] = message
        elif method == "Runtime.consoleAPICalled":
            self.console.append(f"{parameters['type']}: " + " ".join(str(a.get("value", a.get("description"))) for a in parameters["args"]))
        elif method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.console.append("exception: " + details.get("exception", {}).get("description", details["text"]))
        elif method == "Log.entryAdded":
            self.console.append(f"{parameters['entry']['level']}: {parameters['entry']['text']} {parameters['entry'].get('url', '')}")
        elif method == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])
        return method

    def call(self, method, session="own", **parameters):
        self.next += 1
        message = {"id": self.next, "method": method, "params": parameters}
        if session == "own":
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + self.SECONDS
        while self.next not in self.results:
            self._take(deadline)
        result = self.results.pop(self.next)
        if "error" in result:
            raise RuntimeError(f"{method}: {result['error']['message']}")
        return result["result"]

    def open(self, url):
        """Loads the page anew, and waits for it."""
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url=url)
        self.until("document.readyState + location.protocol === 'completefile:'")

    def until(self, script):
        """Waits for an expression to be true."""
        deadline = time.monotonic() + self.SECONDS
        while not self.run(script):
            if time.monotonic() > deadline:
                raise TimeoutError(script)
            time.sleep(0.02)

    def run(self, script):
        """What an expression of JavaScript gives."""
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"].get("exception", {}).get("description", script))
        return result["result"].get("value")

    def press(self, key, code=0):
        """A key, as somebody at the keyboard presses it."""
        text = {"Enter": "\r", " ": " "}.get(key)
        more = {} if text is None else {"text": text}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, **more)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)
