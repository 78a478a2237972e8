"""The endpoints, called by the real client through a real server."""

import base64
import http.client
import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image

from page.assets import EXAMPLES
from page.limits import JSON_BYTES
from recognizer import LETTERS
from tests.hand import by_hand
from tests.page_server import RunningPage, running_page
from tests.pictures import on_paper
from tests.strangers import PATIENCE


@pytest.fixture(scope="module")
def page() -> RunningPage:
    return running_page()


@pytest.fixture(scope="module")
def client(page: RunningPage) -> Client:
    return Client(page.url, verbose=False)


def _check_promise(answer: dict[str, Any]) -> None:
    assert list(answer) == ["letter", "name", "confidence", "verdict", "top"]
    assert answer["letter"] in LETTERS
    assert answer["verdict"] in ("sure", "unsure", "not_a_letter")
    assert len(answer["top"]) == 5
    best = answer["top"][0]
    assert best == {k: answer[k] for k in ("letter", "name")} | {
        "probability": answer["confidence"]
    }
    probabilities = [candidate["probability"] for candidate in answer["top"]]
    assert probabilities == sorted(probabilities, reverse=True)
    assert 0 < sum(probabilities) <= 1.000001


def test_recognize_reads_a_file(client: Client, tmp_path: Path) -> None:
    Image.fromarray(on_paper("ع")).save(tmp_path / "letter.jpg")
    answer = client.predict(handle_file(tmp_path / "letter.jpg"), api_name="/recognize")
    _check_promise(answer)
    assert (answer["letter"], answer["name"]) == ("ع", "ain")


@pytest.mark.parametrize(
    ("name", "letter"),
    [("1-paper.jpg", "ع"), ("2-board.jpg", "ب"), ("3-ruled.jpg", "س"), ("4-screen.png", "ج")],
)
def test_recognize_reads_the_examples_of_the_page(client: Client, name: str, letter: str) -> None:
    answer = client.predict(handle_file(EXAMPLES / name), api_name="/recognize")
    assert answer["letter"] == letter


def test_recognize_reads_a_data_url(client: Client) -> None:
    data = base64.b64encode((EXAMPLES / "4-screen.png").read_bytes()).decode()
    answer = client.predict({"url": f"data:image/png;base64,{data}"}, api_name="/recognize")
    assert answer["letter"] == "ج"


def test_recognize_strokes_reads_a_list_of_paths(client: Client) -> None:
    answer = client.predict(by_hand("س"), api_name="/recognize_strokes")
    _check_promise(answer)
    assert (answer["letter"], answer["name"]) == ("س", "seen")


def test_recognize_strokes_reads_a_drawing_and_a_pen(client: Client) -> None:
    drawing = {"strokes": by_hand("ب")}
    answer = client.predict(drawing, pen_width=0.03, api_name="/recognize_strokes")
    assert answer["letter"] == "ب"


@pytest.mark.parametrize(
    ("strokes", "sentence"),
    [
        ([], "Nothing is drawn"),
        ([[1, 2, 3]], "as many y as x"),
        ([["a", "b"]], "finite numbers"),
        ("text", "list of paths"),
        (None, "list of paths"),
        ({"paths": []}, "list of paths"),
    ],
)
def test_recognize_strokes_says_what_is_wrong(client: Client, strokes: Any, sentence: str) -> None:
    with pytest.raises(AppError, match=sentence):
        client.predict(strokes, api_name="/recognize_strokes")


@pytest.mark.parametrize("pen_width", [0, 1, -1, "wide", None])
def test_recognize_strokes_wants_a_possible_pen(client: Client, pen_width: Any) -> None:
    with pytest.raises(AppError, match="pen_width"):
        client.predict(by_hand("ا"), pen_width=pen_width, api_name="/recognize_strokes")


def _file(folder: Path, kind: str) -> Path:
    path = folder / f"{kind}.png"
    if kind == "empty":
        path.touch()
    elif kind == "text":
        path.write_text("not a picture")
    elif kind == "cut off":
        path.write_bytes((EXAMPLES / "4-screen.png").read_bytes()[:900])
    elif kind == "huge":
        Image.new("1", (12000, 12000), 1).save(path)
    elif kind == "blank":
        Image.fromarray(np.full((50, 50), 255, np.uint8)).save(path)
    return path


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("empty", "empty"),
        ("text", "not a picture"),
        ("cut off", "damaged"),
        ("huge", "pixels"),
        ("blank", "no ink"),
    ],
)
def test_recognize_says_what_is_wrong(
    client: Client, tmp_path: Path, kind: str, sentence: str
) -> None:
    with pytest.raises(AppError, match=sentence):
        client.predict(handle_file(_file(tmp_path, kind)), api_name="/recognize")


def test_recognize_wants_a_picture(client: Client) -> None:
    with pytest.raises(AppError, match="Send a picture"):
        client.predict(None, api_name="/recognize")


def test_recognize_reads_a_bare_data_url(client: Client) -> None:
    picture = base64.b64encode((EXAMPLES / "4-screen.png").read_bytes()).decode()
    answer = client.predict(f"data:image/png;base64,{picture}", api_name="/recognize")
    assert answer["letter"] == "ج"


def test_letters_lists_the_alphabet_in_its_order(client: Client) -> None:
    letters = client.predict(api_name="/letters")
    assert "".join(letter["letter"] for letter in letters) == LETTERS
    theh = letters[3]
    assert (theh["name"], theh["arabic_name"], theh["code_point"]) == ("theh", "ثاء", "U+062B")
    assert (theh["body"], theh["dots"], theh["place"]) == ("ب", 3, "above")


def test_one_post_is_enough_for_strokes_and_there_is_no_way_around_the_queue(
    page: RunningPage,
) -> None:
    def run(endpoint: str, *data: Any) -> Any:
        body = json.dumps({"data": data}).encode()
        request = urllib.request.Request(
            f"{page.url}gradio_api/run/{endpoint}", body, {"Content-Type": "application/json"}
        )
        return json.load(urllib.request.urlopen(request, timeout=PATIENCE))["data"][0]

    assert run("recognize_strokes", by_hand("س"), 0.05)["letter"] == "س"
    assert run("recognize_strokes", by_hand("س"))["letter"] == "س"  # the pen has a default
    # Large pictures take memory: only as many at a time as the queue lets through.
    with pytest.raises(urllib.error.HTTPError) as refused:
        run("recognize", {"url": "data:image/png;base64,"})
    assert refused.value.code == 404


def _call(page: RunningPage, endpoint: str, arguments: dict[str, Any]) -> str:
    """Call as curl would: a POST that starts it, a GET that streams the answer."""
    address = f"{page.url}gradio_api/call/v2/{endpoint}"
    body = json.dumps(arguments).encode()
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        event = json.load(answer)["event_id"]
    address = f"{page.url}gradio_api/call/{endpoint}/{event}"
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        return str(answer.read().decode())


def test_plain_http_is_enough(page: RunningPage) -> None:
    stream = _call(page, "recognize_strokes", {"strokes": by_hand("م")})
    data = next(line for line in stream.splitlines() if line.startswith("data: "))
    (answer,) = json.loads(data.removeprefix("data: "))
    assert answer["letter"] == "م"


@pytest.mark.parametrize(
    "image",
    [
        {"path": "/etc/hostname"},
        {"path": "/etc/hostname", "meta": {"_type": "gradio.FileData"}},
        {"path": str(EXAMPLES / "4-screen.png"), "orig_name": "a.svg"},
        {"url": "http://127.0.0.1:9/a.png"},
        {"path": "http://127.0.0.1:9/a.png", "meta": {"_type": "gradio.FileData"}},
    ],
)
def test_nobody_reads_the_servers_files_or_sends_it_elsewhere(
    page: RunningPage, image: dict[str, Any]
) -> None:
    try:
        stream = _call(page, "recognize", {"image": image})
    except urllib.error.HTTPError as refused:
        assert refused.code in (400, 403, 422)
    else:
        assert "event: error" in stream and "letter" not in stream


def test_a_huge_body_is_refused_before_it_is_sent(page: RunningPage) -> None:
    connection = http.client.HTTPConnection(urlsplit(page.url).netloc, timeout=PATIENCE)
    connection.putrequest("POST", "/gradio_api/call/recognize_strokes")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", "100000000")
    connection.endheaders()
    assert connection.getresponse().status == 413


def test_a_huge_chunked_body_is_refused_and_the_page_lives_on(page: RunningPage) -> None:
    connection = http.client.HTTPConnection(urlsplit(page.url).netloc, timeout=PATIENCE)
    # Just above the limit, so that all is sent before the refusal is read.
    pieces = (b"[" * 1000 for _ in range(JSON_BYTES // 1000 + 10))
    headers = {"Content-Type": "application/json"}
    connection.request("POST", "/gradio_api/call/recognize_strokes", pieces, headers)
    assert connection.getresponse().status == 413
    assert "letter" in _call(page, "recognize_strokes", {"strokes": by_hand("ا")})


def test_the_servers_log_shows_no_traceback_for_a_callers_mistake(
    client: Client, page: RunningPage, tmp_path: Path
) -> None:
    before = len(page.said())
    for kind in ("empty", "text", "blank"):
        with pytest.raises(AppError):
            client.predict(handle_file(_file(tmp_path, kind)), api_name="/recognize")
    with pytest.raises(AppError):
        client.predict([], api_name="/recognize_strokes")
    assert b"Traceback" not in page.said()[before:]


def test_nothing_keeps_what_callers_do(page: RunningPage) -> None:
    for path in ("monitoring", "monitoring/summary", "gradio_api/runs"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(page.url + path, timeout=PATIENCE)
        assert refused.value.code in (403, 404), path


@pytest.mark.parametrize("endpoint", ["recognize", "recognize_strokes"])
def test_no_address_is_fetched_for_a_caller(page: RunningPage, endpoint: str) -> None:
    file = {"path": "https://example.com/a.png", "meta": {"_type": "gradio.FileData"}}
    arguments = {"image": file} if endpoint == "recognize" else {"strokes": file, "pen_width": file}
    assert "No address is fetched" in _call(page, endpoint, arguments)


def test_the_server_reaches_for_no_foreign_host(client: Client, page: RunningPage) -> None:
    """After all the tests above, those that try to send it elsewhere included."""
    client.predict(by_hand("ا"), api_name="/recognize_strokes")
    assert page.hosts.read_text(encoding="utf-8")  # it does note what it reaches for
    assert page.foreign_hosts() == set()
