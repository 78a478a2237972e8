"""The recognizer in somebody else's program: installed with pip, away from its clone."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.pictures import on_screen
from tests.test_packaging import ROOT

pytestmark = pytest.mark.installs

PROGRAM = """
from pathlib import Path
import recognizer
from recognizer.templates import plain_strokes

assert Path(recognizer.__file__).is_relative_to(Path("site").resolve())
assert plain_strokes("ب")
print(recognizer.Recognizer.load().recognize("b.png").letter)
"""


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package in site/, what it needs being here already, and a picture."""
    folder = tmp_path_factory.mktemp("elsewhere")
    clone = folder / "clone"  # pip leaves a folder of its own there
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--target", folder / "site", clone], check=True)
    subprocess.run(["rm", "-r", clone], check=True)
    Image.fromarray(on_screen("ب")).save(folder / "b.png")
    return folder


def run(folder: Path, *command: str) -> str:
    path = {"PYTHONPATH": str(folder / "site"), "TF_CPP_MIN_LOG_LEVEL": "2"}
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_program_reads_a_letter(elsewhere: Path) -> None:
    assert run(elsewhere, "-c", PROGRAM) == "ب\n"


def test_so_does_the_command_line(elsewhere: Path) -> None:
    assert run(elsewhere, "-m", "recognizer", "b.png").startswith("b.png: ب · beh, 9")


def test_nothing_but_the_recognizer_is_installed(elsewhere: Path) -> None:
    names = {path.name for path in (elsewhere / "site").iterdir() if path.suffix != ".dist-info"}
    assert names == {"recognizer"}
    assert (elsewhere / "site" / "recognizer" / "py.typed").is_file()
