"""The arrows of the house: app -> page -> recognizer <- train, and never the other way."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = {"app", "benchmarks", "page", "recognizer", "tests", "train"}
MAY_IMPORT = {
    "app": {"page", "recognizer"},
    "benchmarks": ROOMS,
    "page": {"page", "recognizer"},
    "recognizer": {"recognizer"},
    "train": {"recognizer", "train"},
}
HEAVY = {"gradio", "keras", "matplotlib", "tensorflow"}
FILES = [
    ROOT / "app.py",
    *(
        f
        for room in ("benchmarks", "page", "recognizer", "train")
        for f in sorted((ROOT / room).rglob("*.py"))
    ),
]


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """The top-level names that a file imports, wherever in it the import stands."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            # One dot is the file's own folder; two or more could climb out of a room.
            folder = path.parents[max(node.level - 1, 0)]
            own = [] if folder == ROOT else [room_of(folder)]
            names |= set(own if node.level else [(node.module or "").split(".")[0]])
            if node.level and folder == ROOT:
                names |= {(node.module or alias.name).split(".")[0] for alias in node.names}
    return names


def test_every_room_is_there_to_be_checked() -> None:
    assert {room_of(f) for f in FILES} == set(MAY_IMPORT)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_file_imports_only_from_rooms_below_it(path: Path) -> None:
    assert imported(path) & ROOMS <= MAY_IMPORT[room_of(path)]


@pytest.mark.parametrize(
    "path", [f for f in FILES if room_of(f) != "page"], ids=lambda p: p.relative_to(ROOT).as_posix()
)
def test_only_the_page_imports_gradio(path: Path) -> None:
    assert not imported(path) & {"gradio", "gradio_client"}


def test_importing_the_recognizer_loads_nothing_heavy() -> None:
    """Not even by way of another library: `--help` and a first error message stay instant."""
    script = "import recognizer, sys; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "recognizer" in loaded
    assert not loaded & (HEAVY | ROOMS - {"recognizer"})
