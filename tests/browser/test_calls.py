"""The API view: what it shows is run as it stands."""

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, expect

from page.assets import EXAMPLES
from recognizer import LETTERS
from tests.browser.visitor import Visitor
from tests.page_server import RunningPage

Visit = Callable[..., Visitor]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a caller works: with a picture of a letter."""
    shutil.copy(EXAMPLES / "4-screen.png", tmp_path / "letter.png")
    return tmp_path


def _shown(me: Visitor, language: str) -> str:
    box = me.find(f"pre[aria-label='Example in {language}']")
    expect(box).to_be_visible()
    return box.inner_text()


def _run(command: list[str], folder: Path) -> list[str]:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def _check(drawn: dict[str, Any], read: dict[str, Any], letters: list[dict[str, Any]]) -> None:
    assert drawn["letter"] == "ب"
    assert read["letter"] == "ج"
    assert "".join(letter["letter"] for letter in letters) == LETTERS


def test_the_shown_curl_commands_run(visit: Visit, folder: Path) -> None:
    lines = _run(["bash", "-euc", _shown(visit(view="api"), "curl")], folder)
    answers = [
        json.loads(re.sub("^data: ", "", line)) for line in lines if line.startswith(("{", "data"))
    ]
    drawn, read, letters = answers
    _check(drawn["data"][0], read[0], letters["data"][0])


def test_the_shown_python_runs(visit: Visit, folder: Path) -> None:
    lines = _run([sys.executable, "-c", _shown(visit(view="api"), "Python")], folder)
    _check(*(ast.literal_eval(line) for line in lines if line[0] in "{["))


def test_the_shown_answer_is_of_the_form_of_a_real_one(visit: Visit, harf: RunningPage) -> None:
    me = visit(view="api")
    expect(me.find(".answer-of-calls pre")).to_contain_text("confidence")
    shown = json.loads(me.find(".answer-of-calls pre").inner_text())
    call = {"data": [[[850, 380, 500, 620, 150, 380], [500, 780]], 0.05]}
    answer = me.page.request.post(f"{harf.url}gradio_api/run/recognize_strokes", data=call)
    real = answer.json()["data"][0]
    assert list(shown) == list(real)
    assert [list(one) for one in shown["top"]] == [list(one) for one in real["top"]]


def test_the_shown_javascript_runs_in_a_browser(visit: Visit) -> None:
    me = visit(view="api")
    lines: list[str] = []

    def note(message: ConsoleMessage) -> None:
        lines.append(message.text)

    me.page.on("console", note)
    me.page.evaluate(f"async () => {{ {_shown(me, 'JavaScript')}\n}}")
    _check(*map(json.loads, lines))


def test_the_examples_are_copied_as_they_are_shown(visit: Visit) -> None:
    me = visit(view="api", permissions=["clipboard-read", "clipboard-write"])
    shown = _shown(me, "Python")
    me.page.clock.install()
    me.page.clock.pause_at(datetime.now() + timedelta(minutes=1))  # it says so for a moment
    me.find(".call").nth(1).get_by_role("button").click()
    expect(me.find(".call").nth(1).get_by_role("button")).to_have_text("Copied")
    assert me.page.evaluate("navigator.clipboard.readText()") == shown


def test_where_copying_is_denied_the_example_is_marked_for_a_key_that_copies(visit: Visit) -> None:
    me = visit(view="api")
    shown = _shown(me, "Python")
    me.page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error()); 0")
    me.find(".call").nth(1).get_by_role("button").click()
    assert me.page.evaluate("getSelection().toString()").strip() == shown
    expect(me.find(".call").nth(1).get_by_role("button")).to_have_text("Copy")


def test_the_view_names_every_endpoint_in_both_languages(visit: Visit) -> None:
    me = visit(view="api")
    for name in ("recognize", "recognize_strokes", "letters"):
        expect(me.find(".endpoints")).to_contain_text(f"/{name}")
    expect(me.find("h2")).to_have_text("For programs")
    me.page.locator(".language").click()
    expect(me.find("h2")).to_have_text("للبرامج")
    # Code is read from the left in any language.
    code = me.find("pre[aria-label='مثال بلغة curl']")
    assert code.evaluate("it => getComputedStyle(it).direction") == "ltr"


def test_the_mcp_address_is_shown_where_it_is_served(visit: Visit, harf: RunningPage) -> None:
    expect(visit(view="api").find(".tools-for-assistants pre")).to_have_text(
        f"{harf.url}gradio_api/mcp/"
    )
