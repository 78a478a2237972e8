"""A picture from a stranger: what is taken, what is refused, and in which words."""

import base64
import io
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from PIL import Image

from page.upload import MAX_BYTES, SafeImage, Upload


@pytest.fixture
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "uploads"
    folder.mkdir()
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(folder))
    return folder


@pytest.fixture(scope="module")
def place() -> SafeImage:
    return SafeImage()


def _png() -> bytes:
    data = io.BytesIO()
    Image.new("L", (40, 40), 255).save(data, "PNG")
    return data.getvalue()


def _data_url(data: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(data).decode()


def test_nothing_chosen_is_no_upload(place: SafeImage) -> None:
    assert place.preprocess(None) is None


def test_a_picture_inside_the_request_arrives_byte_for_byte(place: SafeImage) -> None:
    assert place.preprocess({"url": _data_url(b"bytes"), "turn": 4}) == Upload(b"bytes", turn=4)


def test_an_uploaded_file_is_read(place: SafeImage, uploads: Path) -> None:
    (uploads / "letter.png").write_bytes(_png())
    payload = {"path": str(uploads / "letter.png"), "meta": {"_type": "gradio.FileData"}}
    assert place.preprocess(payload) == Upload(_png())


def test_gradio_keeps_no_picture_in_its_memory_of_the_session(place: SafeImage) -> None:
    payload = {"url": _data_url(_png())}
    place.preprocess(payload)
    assert "url" not in payload


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../../etc/passwd", "", ".", "\0", None, 7, ["a"], "file:///etc/passwd"],
)
def test_no_other_file_of_the_server_can_be_named(
    place: SafeImage, uploads: Path, path: Any
) -> None:
    with pytest.raises(gr.Error, match="Upload the picture first"):
        place.preprocess({"path": path})


def test_a_way_out_of_the_uploads_is_no_way_out(place: SafeImage, uploads: Path) -> None:
    secret = uploads.parent / "secret.png"
    secret.write_bytes(_png())
    (uploads / "link.png").symlink_to(secret)
    for path in (f"{uploads}/../secret.png", f"{uploads}/link.png"):
        with pytest.raises(gr.Error, match="Upload the picture first"):
            place.preprocess({"path": path, "orig_name": "a.svg"})


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/a.png", "https://example.com/a.png", "file:///etc/passwd", "x", 7]
)
def test_no_address_is_fetched(place: SafeImage, uploads: Path, url: Any) -> None:
    with pytest.raises(gr.Error, match="Upload the picture first"):
        place.preprocess({"url": url})


@pytest.mark.parametrize("url", ["data:image/png,abc", "data:"])
def test_a_data_url_must_be_base64(place: SafeImage, url: str) -> None:
    with pytest.raises(gr.Error, match="base64"):
        place.preprocess({"url": url})


def test_a_damaged_data_url_says_so(place: SafeImage) -> None:
    with pytest.raises(gr.Error, match="not valid base64"):
        place.preprocess({"url": "data:image/png;base64,a*b"})


def test_a_file_that_is_too_large_is_not_read(place: SafeImage, uploads: Path) -> None:
    with (uploads / "large.png").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(gr.Error, match="too large: send at most 10 MB"):
        place.preprocess({"path": str(uploads / "large.png")})


@pytest.mark.parametrize("payload", ["text", 7, [], True])
def test_what_is_no_picture_is_refused(place: SafeImage, payload: Any) -> None:
    with pytest.raises(gr.Error, match="Send the picture"):
        place.preprocess(payload)
