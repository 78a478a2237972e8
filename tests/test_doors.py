"""Addresses of Gradio's that the page does not use are not there."""

import json

import pytest

from page.doors import CLOSED
from tests.corpus import LETTER, corpus
from tests.strangers import Stranger


@pytest.mark.parametrize(
    "path",
    [
        "file=/etc/hostname",
        "file/etc/hostname",
        "proxy=http://127.0.0.1:9/",
        "deep_link?session_hash=x",
        "stream/a/1/2/playlist.m3u8",
        "custom_component/1/client/component/index.js",
        "run-history/buckets",
        "upload_progress?upload_id=anything",
    ],
)
def test_a_closed_door_does_not_open(stranger: Stranger, path: str) -> None:
    assert stranger.ask(f"gradio_api/{path}") == (404, '{"detail":"Not Found"}')


def test_every_closed_door_is_closed_to_what_is_sent(stranger: Stranger) -> None:
    for door in CLOSED:
        assert stranger.ask(f"gradio_api/{door}", b"{}")[0] == 404
        assert stranger.ask(f"gradio_api/{door}/", b"{}")[0] == 404


def test_an_upload_cannot_be_fetched_by_its_path(stranger: Stranger) -> None:
    path = stranger.upload("mine.png", corpus()[0].data)
    for way in (
        f"file={path}",
        f"file{path}",
        f"file=//{path}",
        f"file%3D{path}",
        f"./file={path}",
    ):
        assert stranger.ask(f"gradio_api/{way}")[0] == 404, way
    assert stranger.call("recognize", {"path": path})["letter"] == LETTER


def test_no_icon_is_drawn_in_any_size(stranger: Stranger) -> None:
    for size in ("192", "100000", "-1"):
        assert stranger.ask(f"pwa_icon/{size}")[0] == 404
    assert stranger.ask("pwa_icon")[0] == 200


def test_a_drawing_leaves_nothing_in_a_file(stranger: Stranger) -> None:
    folder = stranger.page.uploads
    before = {path for path in folder.rglob("*") if path.is_file()}
    stranger.show("draw", {"strokes": [[100, 100, 500, 500]], "turn": 1})
    stranger.ask(f"gradio_api/deep_link?session_hash={stranger.session}")
    assert {path for path in folder.rglob("*") if path.is_file()} <= before


def test_what_the_page_itself_needs_is_there(stranger: Stranger) -> None:
    for path in ("", "config", "gradio_api/info", "gradio_api/startup-events", "theme.css"):
        status, text = stranger.ask(path)
        assert status == 200 and text, path
    assert json.loads(stranger.ask("gradio_api/info")[1])["named_endpoints"]
