"""The page is there before its model, and says so; who draws already is answered."""

import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from gradio_client import Client
from playwright.sync_api import Browser, Route, expect

from benchmarks.app_server import free_port
from page.assets import URL
from page.texts import TEXTS
from tests.browser.visitor import Visitor
from tests.hand import by_hand
from tests.page_server import ROOT, running_page, start_page, state_of
from tests.strangers import Stranger


def test_the_page_comes_before_its_model_and_who_asks_already_is_answered() -> None:
    page = start_page()
    before = state_of(page)
    # While TensorFlow is imported, nothing else may be done for seconds.
    client = Client(page.url, verbose=False, httpx_kwargs={"timeout": 120})
    answer = client.predict(by_hand("ب"), api_name="/recognize_strokes")
    assert (before, state_of(page)) == ("loading", "ready")
    assert answer["letter"] == "ب"


@pytest.mark.parametrize(("locale", "says"), [("en", "model is loading"), ("ar", "تحميل النموذج")])
def test_a_visitor_reads_that_the_model_loads_until_it_is_there(
    browser: Browser, locale: str, says: str
) -> None:
    me = Visitor(browser, running_page().url, locale=locale)
    told = ["loading"]  # the model of a fast machine is there before a visitor
    me.page.route("**/page/status", lambda route: _tell(route, told[0] if told else None))
    me.reload()
    notice = me.page.locator(".notice")
    expect(notice).to_contain_text(says)
    told.clear()
    me.draw(by_hand("س"))
    expect(me.letter).to_have_text("س", timeout=60_000)
    expect(notice).to_be_hidden()
    assert me.complaints == []
    me.close()


def _tell(route: Route, state: str | None) -> None:
    """Answer in the page's place, or let it answer."""
    if state:
        route.fulfill(json={"state": state})
    else:
        route.continue_()


def test_where_gradio_is_asked_to_render_on_the_server_the_page_is_its_own() -> None:
    # A Space asks for it; the server that would do it answers our modules with a page.
    page = running_page(("GRADIO_SSR_MODE", "true"))
    for path, kind in (("page/status", "json"), (f"{URL}/drawpad.js", "javascript")):
        with urllib.request.urlopen(page.url + path) as answer:
            assert kind in answer.headers["content-type"]


def test_below_a_path_that_a_proxy_leaves_there_the_page_is_the_same() -> None:
    page = running_page(("GRADIO_ROOT_PATH", "/harf"))
    below = replace(page, url=f"{page.url}harf/")
    assert Stranger(below).upload("large.png", b"x" * 3_000_000)
    with urllib.request.urlopen(below.url) as answer:
        assert TEXTS["en"]["description"] in answer.read().decode()


def test_uploads_that_a_killed_page_left_behind_are_forgotten(tmp_path: Path) -> None:
    left = tmp_path / f"harf-1-{'0a' * 8}"
    old, new = (left / name / "letter.png" for name in ("old", "new"))
    others = [tmp_path / name / "a" / "b.png" for name in ("harf", "harf-page-0a", "harf-1-mine")]
    for file in (old, new, *others):
        file.parent.mkdir(parents=True)
        file.write_bytes(b"x")
    for path in (old, old.parent, *others):
        os.utime(path, (0, 0))
    running_page(("GRADIO_TEMP_DIR", str(tmp_path)))
    assert (old.parent.exists(), new.exists()) == (False, True)
    assert all(file.exists() for file in others)  # whoever they belong to


def test_without_a_sound_model_the_page_ends_with_a_sentence(tmp_path: Path) -> None:
    # A copy: Python would follow a link to app.py, and find what lies beside it.
    shutil.copy(ROOT / "app.py", tmp_path)
    (tmp_path / "assets").mkdir()
    for name in ("page", "recognizer", "assets/page", "assets/examples", "assets/strokes"):
        (tmp_path / name).symlink_to(ROOT / name)
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=tmp_path,
        env={**os.environ, "GRADIO_SERVER_PORT": str(free_port())},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith("There is no model.json")
    assert "Traceback" not in done.stderr


def test_importing_the_page_writes_nothing_beside_it(tmp_path: Path) -> None:
    """Gradio would: stubs for editors, at every start, in folders that may be read-only."""
    shutil.copytree(ROOT / "page", tmp_path / "page", ignore=shutil.ignore_patterns("*.pyi"))
    for name in ("recognizer", "assets"):
        (tmp_path / name).symlink_to(ROOT / name)
    files = {path.name for path in (tmp_path / "page").glob("*.*")}
    subprocess.run([sys.executable, "-c", "import page"], cwd=tmp_path, check=True, timeout=120)
    assert {path.name for path in (tmp_path / "page").glob("*.*")} == files


def test_ctrl_c_ends_a_page_that_still_loads_without_a_traceback() -> None:
    page = start_page()
    page.process.send_signal(signal.SIGINT)
    assert page.process.wait(60) == 0
    assert b"Traceback" not in page.said()
