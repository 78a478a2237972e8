"""The app in a process of its own, with two endpoints more: they read no letter.

``python -m benchmarks.app_server`` is the app; the rest starts and stops it.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from recognizer import Recognizer

ROOT = Path(__file__).parent.parent
PATIENCE = 120  # seconds until it counts as not starting
NOTHING = "nothing"  # takes a drawing and sends nothing back, on threads as is Gradio's default
READY = "ready"  # takes a drawing as ours does, and sends an answer that is there already


@dataclass(frozen=True)
class AppServer:
    """The running app.

    Attributes:
        port: Where it answers, on 127.0.0.1.
        process: Who serves.
        page_s: Seconds from its start to the page.
        letter_s: Seconds from its start to the first letter read.
    """

    port: int
    process: subprocess.Popen[bytes]
    page_s: float
    letter_s: float

    @property
    def url(self) -> str:
        """Its address, with a slash at the end."""
        return f"http://127.0.0.1:{self.port}/"

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


def start(folder: Path, drawing: dict[str, Any]) -> AppServer:
    """Start the app, wait for the page, and have a first letter read.

    Args:
        folder: Where its log and its uploads go.
        drawing: What is drawn first, as the page sends it.

    Raises:
        RuntimeError: If it does not start.
    """
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if name != "HARF_MODEL"},
        "GRADIO_SERVER_NAME": "127.0.0.1",
        "GRADIO_SERVER_PORT": str(port),
        "GRADIO_TEMP_DIR": str(folder / "uploads"),
    }
    log = folder / "app.log"
    started = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.app_server"],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=out,
        )
    try:
        url = f"http://127.0.0.1:{port}/"
        wait_for(url, process)
        page_s = time.monotonic() - started
        _read_letter(url, drawing)
        return AppServer(port, process, page_s, time.monotonic() - started)
    except (OSError, RuntimeError) as error:
        process.kill()
        said = log.read_text(encoding="utf-8", errors="replace")
        raise RuntimeError(f"The app did not start ({error}):\n{said}") from None


def draw_event(url: str) -> int:
    """The number of the event that a drawing on the page fires."""
    with urllib.request.urlopen(url + "config", timeout=PATIENCE) as answer:
        config = json.load(answer)
    # Only a drawing surface sends while the pen moves.
    is_pad = {part["id"]: "live_every" in str(part["props"]) for part in config["components"]}
    for event in config["dependencies"]:
        if any(is_pad.get(part) and what == "input" for part, what in event["targets"]):
            return int(event["id"])
    raise RuntimeError("The page has no event for a drawing.")


def wait_for(url: str, process: subprocess.Popen[bytes], patience: float = PATIENCE) -> None:
    """Wait until an address answers.

    Raises:
        RuntimeError: If the process ends or does not answer in time.
    """
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"it ended with {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE):
                return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("no answer")


def _read_letter(url: str, drawing: dict[str, Any]) -> None:
    body = {"data": [drawing], "fn_index": draw_event(url), "session_hash": "first"}
    request = urllib.request.Request(
        url + "gradio_api/run/predict",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        if "letter" not in json.load(answer)["data"][0]:
            raise RuntimeError("the first letter was not read")


def free_port() -> int:
    """A port that nobody uses just now."""
    with socket.socket() as any_socket:
        any_socket.bind(("127.0.0.1", 0))
        return int(any_socket.getsockname()[1])


def _serve() -> None:
    """The app as `python app.py` starts it, with the two endpoints."""
    import app
    from page.answers import AnswerPanel, panel_answer
    from page.drawpad import DrawPad

    build = app.build_demo

    def build_with_more(recognizer: Recognizer, *parts: Any) -> Any:
        demo = build(recognizer, *parts)
        line = [[100.0, 100.0, 500.0, 500.0]]

        @cache
        def answer() -> Any:
            return panel_answer(recognizer.recognize_strokes(line), 0)

        async def ready(payload: Any) -> Any:
            return answer()

        with demo:
            pad, panel = DrawPad(visible=False), AnswerPanel(visible=False)
            pad.input(lambda drawing: None, pad, queue=False, api_name=NOTHING)
            asked_as_ours = {"queue": False, "preprocess": False, "postprocess": False}
            pad.input(ready, pad, panel, **asked_as_ours, api_name=READY)
        return demo

    app.build_demo = build_with_more
    app.main()


if __name__ == "__main__":
    _serve()
