"""The foot of the page and what it leads to: card, source, licence, measured accuracy."""

import json
import re
import shutil
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

from page import about
from page.assets import ASSETS
from tests.page_server import PATIENCE, RunningPage, running_page

METRICS = json.loads((ASSETS / "model" / "metrics.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def page() -> RunningPage:
    return running_page()


def _read(page: RunningPage, name: str) -> str:
    with urllib.request.urlopen(f"{page.url}about/{name}", timeout=PATIENCE) as answer:
        assert answer.headers["content-type"].startswith("text/html")
        return str(answer.read().decode())


def test_the_accuracy_is_what_was_measured_for_this_model() -> None:
    assert about.accuracy() == {
        "ahcd": METRICS["ahcd_test"]["accuracy"],
        "others": METRICS["newhands"]["accuracy"],
    }


@pytest.mark.parametrize("metrics", [{**METRICS, "sha256": "0" * 64}, None])
def test_no_figure_is_claimed_for_a_model_put_in_the_place_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, metrics: dict[str, Any] | None
) -> None:
    shutil.copy(ASSETS / "model" / "model.json", tmp_path)
    if metrics:
        (tmp_path / "metrics.json").write_text(json.dumps(metrics))
    monkeypatch.setattr(about, "BUNDLED", tmp_path)
    assert about.accuracy() is None
    assert about.card_address() is None


def test_no_figure_is_claimed_for_another_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARF_MODEL", "runs/a")
    assert about.accuracy() is None
    assert about.card_address() is None


def test_the_card_of_a_model_from_the_hub_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARF_MODEL", "hf://owner/harf@main")
    assert about.card_address() == "https://huggingface.co/owner/harf"
    monkeypatch.setenv("HARF_MODEL", "hf://no name")
    assert about.card_address() is None


def test_the_source_of_a_space_is_the_space(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACE_ID", "owner/harf-demo")
    assert about.source_address() == "https://huggingface.co/spaces/owner/harf-demo/tree/main"


def test_the_model_card_is_a_page_with_its_tables(page: RunningPage) -> None:
    card = _read(page, "card")
    assert "<h1>Harf: one handwritten Arabic letter</h1>" in card
    assert "<table>" in card and "pipeline_tag" not in card
    assert str(METRICS["parameters"])[:3] in card


def test_readme_and_licence_are_pages_without_dead_links(page: RunningPage) -> None:
    readme = _read(page, "readme")
    assert "<h2>Start</h2>" in readme and "sdk_version:" not in readme
    assert "MIT License" in _read(page, "licence")
    for address in set(re.findall(r'(?:href|src)="((?!https?:|#)[^"]+)"', readme)):
        target = urljoin(f"{page.url}about/readme", address)
        with urllib.request.urlopen(target, timeout=PATIENCE) as answer:
            assert answer.status == 200, address


@pytest.mark.parametrize("name", ["nothing", "..%2f..%2fapp.py", "%2fetc%2fpasswd", "card.md"])
def test_nothing_else_is_served_there(page: RunningPage, name: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        _read(page, name)
    assert refused.value.code == 404
