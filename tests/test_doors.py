"""Addresses of Gradio's that the page does not use are not there."""

import json
import time
import urllib.request

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


def test_nobody_can_log_in_or_out(stranger: Stranger) -> None:
    for path in ("login", "login/", "logout", "logout/"):
        assert stranger.ask(path)[0] == 404
        assert stranger.ask(path, b"username=a&password=b", _FORM)[0] == 404


_FORM = "application/x-www-form-urlencoded"
_PART = b'--b\r\nContent-Disposition: form-data; name="files"%s\r\n\r\n%s\r\n--b--\r\n'


@pytest.mark.parametrize(
    "charset",
    ["charset=punycode", 'CharSet="PunyCode"', "charset*=utf-8''punycode", "charset=idna"],
)
@pytest.mark.parametrize("path", ["gradio_api/upload", "login", "gradio_api/run/letters"])
def test_a_form_comes_in_no_charset_that_takes_long_to_decode(
    stranger: Stranger, path: str, charset: str
) -> None:
    slow = _PART % (b"", b"b" * 150_000 + b"-" + b"a" * 150_000)
    seconds = []
    for _ in range(2):  # a busy machine may hold up anything once
        began = time.monotonic()
        status, text = stranger.ask(path, slow, f"multipart/form-data; boundary=b; {charset}")
        seconds.append(time.monotonic() - began)
        assert status in (400, 404) and json.loads(text)["detail"]
    assert min(seconds) < 2  # in which the page stood still, once


def test_a_form_may_say_that_it_is_utf_8(stranger: Stranger) -> None:
    form = _PART % (b'; filename="a.png"', corpus()[0].data)
    for kind in ("", "; charset=utf-8", '; charset="UTF-8"'):
        status, text = stranger.ask(
            "gradio_api/upload", form, f"multipart/form-data; boundary=b{kind}"
        )
        assert status == 200, text


def test_one_visitors_host_is_not_told_to_another(stranger: Stranger) -> None:
    for query in ("", "?all_endpoints=1", "?serialize=False"):
        address = f"{stranger.page.url}gradio_api/info{query}"
        forged = urllib.request.Request(address, headers={"X-Forwarded-Host": "forged.example"})
        urllib.request.urlopen(forged).read()
        assert "forged.example" not in stranger.ask(f"gradio_api/info{query}")[1]
    assert stranger.ask("gradio_api/openapi.json")[0] == 404  # which is kept likewise


def test_what_the_page_itself_needs_is_there(stranger: Stranger) -> None:
    for path in ("", "config", "gradio_api/info", "gradio_api/startup-events", "theme.css"):
        status, text = stranger.ask(path)
        assert status == 200 and text, path
    assert json.loads(stranger.ask("gradio_api/info")[1])["named_endpoints"]
