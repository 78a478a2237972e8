"""What a newcomer and a Space install: pinned, complete, and the same in every file."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from huggingface_hub import SpaceCard
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
RUNTIME, TRAIN, DEV = "requirements.txt", "train/requirements.txt", "requirements-dev.txt"
OURS = {"app", "benchmarks", "page", "recognizer", "tests", "train"}
PIN = re.compile(r"(?P<name>[A-Za-z0-9_.-]+)==(?P<version>[0-9][0-9A-Za-z.]*)(?:; [^;]+)?")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def lines(file: str) -> list[str]:
    """The requirements in a file, without comments and empty lines."""
    text = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return [kept for line in text if (kept := re.sub(r"(^|\s)#.*", "", line).strip())]


def pins(file: str) -> dict[str, str]:
    found = [PIN.fullmatch(line) for line in lines(file)]
    return {canonical(m["name"]): m["version"] for m in found if m}


def distributions_imported(*rooms: str) -> dict[str, str]:
    """Foreign distributions that the rooms' files import, each with a file that does."""
    provided = packages_distributions()
    found = {}
    for room in rooms:
        for file in [ROOT / room] if room.endswith(".py") else sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom) and not node.level and node.module:
                    names = [node.module]
                for top in {name.split(".")[0] for name in names} - OURS:
                    if top not in sys.stdlib_module_names:
                        owner = provided.get(top, [top])[0]
                        found[canonical(owner)] = file.relative_to(ROOT).as_posix()
    return found


@pytest.fixture(scope="module")
def card() -> SpaceCard:
    return SpaceCard.load(ROOT / "README.md")


@pytest.mark.parametrize("file", [RUNTIME, TRAIN, DEV])
def test_every_requirement_is_pinned_exactly(file: str) -> None:
    assert lines(file)
    assert [line for line in lines(file) if not PIN.fullmatch(line)] == []


def test_a_package_is_pinned_in_one_file_only() -> None:
    assert not pins(RUNTIME).keys() & pins(TRAIN).keys()
    assert not (pins(RUNTIME).keys() | pins(TRAIN).keys()) & pins(DEV).keys()


def test_what_pip_installs_beside_the_recognizer_is_what_it_imports_as_it_is_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    ranges = [Requirement(line) for line in project["dependencies"]]
    both = {"tensorflow", "tensorflow-cpu"}
    assert {canonical(one.name) for one in ranges} - both == (
        distributions_imported("recognizer").keys() - both | {"huggingface-hub"}
    )
    for one in ranges:
        assert pins(RUNTIME)[canonical(one.name)] in one.specifier


def test_both_builds_of_tensorflow_have_one_version() -> None:
    assert pins(RUNTIME)["tensorflow-cpu"] == pins(RUNTIME)["tensorflow"]


@pytest.mark.parametrize(
    ("rooms", "files"),
    [
        (("app.py", "page", "recognizer"), (RUNTIME,)),
        (("train",), (RUNTIME, TRAIN)),
        (("tests", "benchmarks"), (RUNTIME, TRAIN, DEV)),
    ],
)
def test_what_is_imported_is_pinned(rooms: tuple[str, ...], files: tuple[str, ...]) -> None:
    pinned = {name for file in files for name in pins(file)}
    # gradio itself demands one exact version of its client.
    pinned |= {"gradio-client"} & distributions_imported("tests").keys()
    missing = {n: where for n, where in distributions_imported(*rooms).items() if n not in pinned}
    assert missing == {}


def test_what_only_tests_and_training_use_stays_out_of_the_runtime() -> None:
    used = distributions_imported("app.py", "page", "recognizer").keys()
    both = {"tensorflow", "tensorflow-cpu"}  # one import name, two builds
    assert pins(RUNTIME).keys() - both <= used | {"huggingface-hub"}


def test_the_space_runs_the_pinned_gradio(card: SpaceCard) -> None:
    assert card.data.sdk == "gradio"
    assert card.data.sdk_version == pins(RUNTIME)["gradio"]


def test_the_space_asks_for_a_python_that_the_pins_support(card: SpaceCard) -> None:
    # Unquoted, 3.10 would be read as the number 3.1.
    assert isinstance(card.data.python_version, str)
    assert card.data.python_version in {"3.11", "3.12"}


def test_the_space_starts_the_file_that_make_run_starts(card: SpaceCard) -> None:
    assert (ROOT / card.data.app_file).is_file()
    assert f"$(PY) {card.data.app_file}" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_space_fits_the_fields_of_its_card(card: SpaceCard) -> None:
    assert 0 < len(card.data.short_description) <= 60
    assert card.data.license == "mit"
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")


def test_a_clone_is_small(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "--no-local", ROOT, clone], check=True)
    size = sum(file.lstat().st_size for file in clone.rglob("*") if file.is_file())
    assert size < 25 * 2**20


def test_readme_names_only_files_that_are_there(card: SpaceCard) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", card.text)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_readme_names_only_commands_that_make_knows(card: SpaceCard) -> None:
    targets = set(
        re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    named = set(re.findall(r"\bmake ([a-z-]+)\b(?=[`\s]*(?:[#\n`]|ARGS))", card.text))
    assert {"run", "test", "lint", "clean"} <= named <= targets


def test_readme_keeps_a_place_for_the_accuracy_table(card: SpaceCard) -> None:
    begin, end = "<!-- accuracy:begin -->", "<!-- accuracy:end -->"
    assert card.text.count(begin) == card.text.count(end) == 1
    assert card.text.index(begin) < card.text.index(end)


def test_the_report_names_the_licence_of_everything_pinned_and_needs_no_network() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "report.py"],
        env={
            **os.environ,
            "https_proxy": "http://127.0.0.1:9",
            "HTTPS_PROXY": "http://127.0.0.1:9",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    for name in pins(RUNTIME) | pins(TRAIN) | pins(DEV):
        build = name.removesuffix("-cpu")  # of TensorFlow's two builds one is installed
        named = rf"\b{build}(-cpu)? \d"
        assert re.search(named, done.stdout.replace("_", "-"), re.IGNORECASE), name
    assert "Advisories:" in done.stdout
