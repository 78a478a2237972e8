"""Who talks to a running page over plain HTTP, and what that costs the server."""

import base64
import json
import re
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from tests.page_server import RunningPage
from tests.pictures import EXAMPLES

PATIENCE = 120  # seconds; nothing takes one on an idle machine
FILE = {"_type": "gradio.FileData"}


class Stranger:
    """Sends whatever it likes, and gets a status and a text.

    Attributes:
        session: What it calls its session.
        address: Whom its proxy names.
    """

    def __init__(
        self, page: RunningPage, session: str = "stranger", address: str = "9.9.9.9"
    ) -> None:
        self.page = page
        self.session = session
        self.address = address

    def ask(self, path: str, body: bytes | None = None, kind: str = "application/json") -> Any:
        """GET, or POST a body; return the status and the text."""
        headers = {"Content-Type": kind, "X-Forwarded-For": self.address}
        request = urllib.request.Request(self.page.url + path, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def upload(self, name: str, data: bytes) -> str:
        """Upload a file under a name; return where the server says that it is."""
        boundary = "b0undary"
        head = f'form-data; name="files"; filename="{name}"'.replace("\n", "%0A")
        start = f"--{boundary}\r\nContent-Disposition: {head}\r\n\r\n".encode()
        body = start + data + f"\r\n--{boundary}--\r\n".encode()
        status, text = self.ask(
            "gradio_api/upload", body, f"multipart/form-data; boundary={boundary}"
        )
        assert status == 200, text
        return str(json.loads(text)[0])

    def call(self, endpoint: str, *values: Any) -> Any:
        """Call an endpoint of the API; return its answer, or its refusal as {"error"}."""
        return self.call_raw(endpoint, json.dumps({"data": values}).encode())

    def call_raw(self, endpoint: str, body: bytes) -> Any:
        status, text = self.ask(f"gradio_api/call/{endpoint}", body)
        if status != 200:
            return {"error": text, "status": status}
        status, text = self.ask(f"gradio_api/call/{endpoint}/{json.loads(text)['event_id']}")
        data = json.loads(text.partition("data: ")[2])
        return data[0] if text.startswith("event: complete") else data

    def show(self, view: str, value: Any) -> Any:
        """Do what the page does when somebody draws or chooses a picture; return the panel."""
        body = {
            "data": [value],
            "fn_index": _function(self.page.url, view),
            "session_hash": self.session,
        }
        status, text = self.ask("gradio_api/queue/join", json.dumps(body).encode())
        assert status == 200, text
        event = json.loads(text)["event_id"]
        _, stream = self.ask(f"gradio_api/queue/data?session_hash={self.session}")
        for line in stream.splitlines():
            message = json.loads(line.removeprefix("data: ")) if line else {}
            if message.get("msg") == "process_completed" and message["event_id"] == event:
                output = message["output"]
                return output["data"][0] if message["success"] else output
        raise AssertionError(stream)


@cache
def _function(url: str, view: str) -> int:
    """Which function of a page reads what a view shows."""
    module = {"draw": "drawpad.js", "upload": "picture.js"}[view]
    with urllib.request.urlopen(url + "config", timeout=PATIENCE) as answer:
        config = json.load(answer)
    places = [c["id"] for c in config["components"] if module in str(c["props"])]
    return next(
        int(d["id"]) for d in config["dependencies"] if [places[0], "input"] in d["targets"]
    )


def refused(answer: Any) -> str:
    """The one sentence of a refusal, without a path in it."""
    assert isinstance(answer, dict) and set(answer) >= {"error"}, answer
    sentence = str(answer["error"])
    assert re.fullmatch(r"[^\n]+\.", sentence), answer
    assert str(EXAMPLES) not in sentence and "Traceback" not in sentence
    return sentence


def data_url(data: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(data).decode()


def resident(page: RunningPage) -> float:
    """Megabytes of memory that the page's process holds."""
    with open(f"/proc/{page.process.pid}/status", encoding="ascii") as status:
        line = next(line for line in status if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


@contextmanager
def watched(page: RunningPage) -> Iterator[list[float]]:
    """Watch the memory of the page's process; the list holds what it was, in megabytes."""
    seen = [resident(page)]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.01):
            seen.append(resident(page))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        time.sleep(0.05)
        done.set()
        watcher.join()
