"""The app in a process of its own, with one endpoint more: it does nothing.

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
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PATIENCE = 120  # seconds until it counts as not starting
NOTHING = "nothing"


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
    port = _free_port()
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
        _wait_for(url, process)
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


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
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


def _free_port() -> int:
    with socket.socket() as any_socket:
        any_socket.bind(("127.0.0.1", 0))
        return int(any_socket.getsockname()[1])


def _serve() -> None:
    """The app as `python app.py` starts it, with an endpoint that does nothing."""
    import gradio as gr

    import app
    from page.drawpad import DrawPad

    build = app.build_demo

    def build_with_nothing(recognizer: Any) -> gr.Blocks:
        demo = build(recognizer)
        with demo:
            gr.on(
                [],
                lambda drawing: None,
                DrawPad(visible=False),
                gr.JSON(visible=False),
                api_name=NOTHING,
                queue=False,
            )
        return demo

    app.build_demo = build_with_nothing
    app.main()


if __name__ == "__main__":
    _serve()
