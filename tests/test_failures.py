"""A full disk, a folder that may not be written, a broken model, a taken port: one sentence."""

import json
import os
import re
import resource
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.app_server import free_port
from recognizer import Recognizer
from recognizer.model import BUNDLED
from tests.corpus import LETTER, corpus
from tests.page_server import RunningPage, running_page
from tests.strangers import Stranger, data_url

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "assets" / "examples"
FULL = Path("/dev/full")
READ_ONLY = Path("/proc")


def run(
    *command: str | Path, cwd: Path = ROOT, file_bytes: int | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run Python; file_bytes is what a file may have before the disk counts as full."""

    def fill_disk() -> None:
        if file_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))

    return subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONDONTWRITEBYTECODE": "1"}
        | environment,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=fill_disk,
    )


def sentence_of(done: subprocess.CompletedProcess[str]) -> str:
    """The last line of what failed, after which nothing may look like a crash."""
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr
    sentence = done.stderr.strip().splitlines()[-1]
    assert sentence.endswith(".")
    return sentence


def test_answers_that_find_no_room_are_said() -> None:
    if not FULL.exists():
        pytest.skip("this system has no /dev/full")
    with FULL.open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "recognizer", "--csv", EXAMPLES],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert "could not be written" in sentence_of(done)


def test_a_model_that_finds_no_room_leaves_the_one_before(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(BUNDLED, tmp_path / "model"))
    before = {path: path.read_bytes() for path in folder.iterdir()}
    script = (
        "import sys; from pathlib import Path; from train.files import replace_model\n"
        "replace_model(Path(sys.argv[1]), lambda p: p.write_bytes(bytes(10**6)), {})"
    )
    done = run("-c", script, folder, file_bytes=100_000)
    assert "File too large" in done.stderr
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    Recognizer.load(folder)


def test_a_work_directory_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    full = tmp_path / "run"
    done = run("-m", "train", "fit", "--workdir", full, file_bytes=10)
    assert re.match("Cannot write or read.*too large", sentence_of(done))
    assert [path.name for path in full.iterdir()] == [".lock"]


def test_training_data_out_of_reach_is_one_sentence(tmp_path: Path) -> None:
    offline = {"https_proxy": "http://127.0.0.1:9", "PYTHONPATH": str(ROOT)}
    done = run("-m", "train", "fit", "--workdir", tmp_path / "run", cwd=tmp_path, **offline)
    assert "could not be downloaded" in sentence_of(done) and "--data" in done.stderr


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that the page needs, with a model that may be broken."""
    house = tmp_path_factory.mktemp("house")
    for room in ("page", "recognizer", "assets"):
        shutil.copytree(ROOT / room, house / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", house)
    return house


def test_a_page_or_command_whose_model_is_altered_or_missing_says_what_to_do(house: Path) -> None:
    network = house / "assets" / "model" / "model.keras"
    with network.open("ab") as file:
        file.write(b"?")
    for command in (["app.py"], ["-m", "recognizer", "x.png"]):
        done = run(*command, cwd=house, GRADIO_SERVER_PORT=str(free_port()))
        assert "copy the whole model folder again" in sentence_of(done)
    network.unlink()
    done = run("-m", "recognizer", "x.png", cwd=house)
    assert "There is no model.keras" in sentence_of(done)


def test_a_folder_that_may_not_be_written_to_is_one_sentence(tmp_path: Path) -> None:
    if not READ_ONLY.exists():
        pytest.skip("this system has no folder that even its administrator may not write to")
    port = str(free_port())
    done = run("app.py", GRADIO_TEMP_DIR=str(READ_ONLY / "harf"), GRADIO_SERVER_PORT=port)
    assert "GRADIO_TEMP_DIR" in sentence_of(done)
    assert str(READ_ONLY / "harf") in done.stderr
    done = run("-m", "train", "templates", READ_ONLY / "forms.png")
    assert str(READ_ONLY) in sentence_of(done)


def test_a_page_whose_port_is_taken_says_so() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("app.py", GRADIO_SERVER_PORT=port)
    assert "the port is taken" in sentence_of(done)
    assert "GRADIO_SERVER_PORT" in done.stderr


@pytest.mark.parametrize("port", ["abc", "0", "-1", "70000", "80.0", " "])
def test_a_port_that_is_none_is_one_sentence(port: str) -> None:
    done = run("-c", "import page.before_gradio", GRADIO_SERVER_PORT=port)
    assert "from 1 to 65535" in sentence_of(done) and repr(port) in done.stderr


@pytest.mark.parametrize("root", ["harf", "harf/", "example.org/harf", " "])
def test_a_path_below_which_nobody_would_be_answered_is_one_sentence(root: str) -> None:
    done = run("-c", "import page.before_gradio", GRADIO_ROOT_PATH=root)
    assert "begins with /" in sentence_of(done) and repr(root) in done.stderr


def test_a_port_that_is_left_empty_is_gradios() -> None:
    script = "import os, page.before_gradio; print('GRADIO_SERVER_PORT' in os.environ)"
    done = run("-c", script, GRADIO_SERVER_PORT="")
    assert (done.stdout, done.stderr) == ("False\n", "")


@pytest.fixture
def full_page() -> Iterator[RunningPage]:
    """The page while no upload can be kept."""
    page = running_page()
    folder = page.uploads
    folder.mkdir(exist_ok=True, parents=True)
    folder.rename(folder.with_name("aside"))
    folder.touch()
    yield page
    folder.unlink()
    folder.with_name("aside").rename(folder)


def test_a_page_without_room_for_uploads_says_so_and_reads_on(full_page: RunningPage) -> None:
    stranger, picture = Stranger(full_page), corpus()[0].data
    log = len(full_page.said())
    body = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'
    status, text = stranger.ask(
        "gradio_api/upload", body + picture + b"\r\n--b--\r\n", "multipart/form-data; boundary=b"
    )
    assert status == 507 and json.loads(text)["detail"].startswith("The server has no room")
    assert b"Traceback" not in full_page.said()[log:]
    assert stranger.call("recognize", {"url": data_url(picture)})["letter"] == LETTER
    assert stranger.show("upload", {"url": data_url(picture), "turn": 3})["letter"] == LETTER
