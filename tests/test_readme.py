"""What README shows a developer runs, and is what its comments say."""

import ast
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from recognizer import Prediction
from tests.page_server import running_page
from tests.pictures import on_screen

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
READING, EXPLAINING, CALLING = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def run(block: str, names: dict[str, Any]) -> list[tuple[Any, str]]:
    """Run a block, and return what each expression is, with the comment beside it."""
    found = []
    for statement in ast.parse(block).body:
        if isinstance(statement, ast.Expr):
            value = eval(compile(ast.Expression(statement.value), "README.md", "eval"), names)
            line = block.splitlines()[(statement.end_lineno or 1) - 1]
            found.append((value, line.partition("  # ")[2]))
        else:
            exec(compile(ast.Module([statement], []), "README.md", "exec"), names)
    return found


def said_of(value: Any) -> str:
    """What a comment has to say of a value; probabilities may change with the model."""
    if isinstance(value, np.ndarray):
        return f"{value.shape} {value.dtype}: "
    if isinstance(value, float):
        return "between 0 and 1" if 0 < value < 1 else "out of place"
    if isinstance(value, tuple):  # each letter with its probability, the likeliest first
        return f"({value[0][0]!r}, ...)" if isinstance(value[0], tuple) else repr(value)
    return repr(value) if isinstance(value, str) else ""


@pytest.fixture
def pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pictures that README names, in the folder that one is in."""
    for name, letter in {"b": "ب", "c": "ت", "t": "ت"}.items():
        Image.fromarray(on_screen(letter)).save(tmp_path / f"{name}.png")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("pictures")
def test_python_answers_what_readme_says() -> None:
    names: dict[str, Any] = {}
    answers = run(READING, names) + run(EXPLAINING, names)
    assert len(answers) > 10
    for value, comment in answers:
        assert comment.startswith(said_of(value)), (value, comment)
    drawn = next(value for value, _ in answers if isinstance(value, Prediction))
    assert drawn.letter == "ب"


@pytest.mark.usefixtures("pictures")
def test_a_client_calls_the_page_as_readme_says() -> None:
    block = CALLING.replace("http://127.0.0.1:7860", running_page().url)
    (picture, _), (strokes, _), (letters, _) = run(block, {})
    assert picture["letter"] == strokes["letter"] == "ب"
    assert len(letters) == 28
