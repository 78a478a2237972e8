"""The real page in a process of its own, which notes every host that it reaches for."""

import atexit
import json
import os
import runpy
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.app_server import free_port, wait_for

ROOT = Path(__file__).parent.parent
PATIENCE = 300  # seconds; TensorFlow starts slowly on a busy machine


@dataclass(frozen=True)
class RunningPage:
    """A page that answers.

    Attributes:
        url: Its address, with a slash at the end.
        process: Who serves it.
        log: What it prints.
        hosts: The file in which it notes what it reaches for.
    """

    url: str
    process: subprocess.Popen[bytes]
    log: Path
    hosts: Path

    @property
    def uploads(self) -> Path:
        """The folder in which it keeps what is uploaded."""
        (folder,) = (self.log.parent / "uploads").glob(f"harf-{self.process.pid}-*")
        return folder

    def said(self) -> bytes:
        """Return what it has printed so far."""
        return self.log.read_bytes()

    def foreign_hosts(self) -> set[str]:
        """Return every host it reached for, other than this machine."""
        reached = set(self.hosts.read_text(encoding="utf-8").split())
        return {host for host in reached if not host.startswith(("127.", "localhost", "::1", "0."))}


@cache
def running_page(*settings: tuple[str, str]) -> RunningPage:
    """Start the page, once for all tests of a run; its model is there.

    Args:
        settings: Names and values of further environment variables.
    """
    page = start_page(*settings)
    while state_of(page) == "loading":
        time.sleep(0.2)
    return page


def start_page(*settings: tuple[str, str]) -> RunningPage:
    """Start a page and wait until it answers; it stops when the tests are through."""
    folder = Path(tempfile.mkdtemp(prefix="harf-page-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    log, hosts = folder / "log", folder / "hosts"
    hosts.touch()
    port = free_port()
    # Without the settings that keep tests from the real Hub: the page itself must not ask it.
    own = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    environment = {
        **own,
        "GRADIO_SERVER_PORT": str(port),
        "GRADIO_TEMP_DIR": str(folder / "uploads"),
        "HARF_NOTED_HOSTS": str(hosts),
        **dict(settings),
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.page_server"],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=out,
        )
    atexit.register(_stop, process)
    page = RunningPage(f"http://127.0.0.1:{port}/", process, log, hosts)
    try:
        wait_for(page.url + "config", process, PATIENCE)
    except RuntimeError as error:
        raise RuntimeError(f"The page did not start: {error}\n{page.said().decode()}") from None
    return page


def state_of(page: RunningPage) -> str:
    """What the page says of its model."""
    with urllib.request.urlopen(page.url + "page/status", timeout=PATIENCE) as answer:
        return str(json.load(answer)["state"])


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()


def _note_hosts(event: str, arguments: tuple[Any, ...]) -> None:
    """Note what Python's own audit says about looking up and connecting."""
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    with open(os.environ["HARF_NOTED_HOSTS"], "a", encoding="utf-8") as hosts:
        hosts.write(f"{host}\n")


if __name__ == "__main__":
    sys.addaudithook(_note_hosts)
    # These count as not installed.
    sys.modules.update(dict.fromkeys(os.environ.get("HARF_WITHOUT", "").split()))  # type: ignore[arg-type]
    runpy.run_path(str(ROOT / "app.py"), run_name="__main__")
