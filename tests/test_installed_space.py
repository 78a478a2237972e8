"""The Space as it will run: its files alone, its requirements alone, on its port."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from gradio_client import Client
from huggingface_hub import SpaceCard

from benchmarks.app_server import free_port, wait_for
from tests.clone import make_clone
from tests.hand import by_hand
from train.space import space_files

PORT = 7860  # where a Space is looked for
PATIENCE = 180  # seconds

pytestmark = pytest.mark.installs


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What would be uploaded, in an empty folder."""
    folder = tmp_path_factory.mktemp("space")
    for path, data in space_files(make_clone(tmp_path_factory.mktemp("clone"))).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def python(space: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A new environment with what a Space installs: requirements, and gradio at sdk_version."""
    environment = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    python = environment / "bin" / "python"
    version = SpaceCard.load(space / "README.md").data.sdk_version
    wanted = ["-r", str(space / "requirements.txt"), f"gradio=={version}"]
    subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], check=True)
    yield python
    shutil.rmtree(environment)  # more than a gigabyte


def free(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture
def running(space: Path, python: Path, tmp_path: Path) -> Iterator[tuple[str, int, float]]:
    """The Space's address, its process and when it was started."""
    port = PORT if free(PORT) else free_port()
    plain = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "TMPDIR")}
    environment = {
        **plain,
        "SPACE_ID": "owner/harf-demo",
        "GRADIO_SSR_MODE": "true",
        "GRADIO_SERVER_NAME": "127.0.0.1",
        "GRADIO_SERVER_PORT": str(port),
        "GRADIO_TEMP_DIR": str(tmp_path / "uploads"),
    }
    log = tmp_path / "log"
    started = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [python, "app.py"], cwd=space, env=environment, stdout=out, stderr=out
        )
    url = f"http://127.0.0.1:{port}/"
    try:
        wait_for(url + "config", process, PATIENCE)
        yield url, process.pid, started
    except RuntimeError as error:
        pytest.fail(f"The Space did not start: {error}\n{log.read_text(encoding='utf-8')}")
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def peak_megabytes(pid: int) -> int:
    """The most memory that a process has held, as Linux counts it."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) // 1024


def test_the_space_reads_a_letter(
    running: tuple[str, int, float], capsys: pytest.CaptureFixture[str]
) -> None:
    url, pid, started = running
    answer = Client(url, verbose=False).predict(by_hand("ب"), api_name="/recognize_strokes")
    seconds = time.monotonic() - started
    assert answer["letter"] == "ب"
    megabytes = peak_megabytes(pid) if sys.platform == "linux" else 0
    with capsys.disabled():
        print(f"\nSpace: first answer {seconds:.1f} s after the start, {megabytes} MB at most")
    assert megabytes < 16_000  # what the smallest Space has
