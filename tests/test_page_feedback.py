"""Corrections are kept as a whole or not at all, and only with consent."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from page.correction import Correction, CorrectionControl
from page.feedback import A_MINUTE, CARD, NUMBERS, SHARES, FullError, Keeper, open_keeper
from recognizer import LETTERS, Recognizer, StrokesError, fit_to_input, strokes_to_ink, to_ink
from recognizer.picture import decode, to_png
from tests.corrections import NAME, give, letters, lines
from tests.hand import by_hand
from tests.hub_server import Hub
from tests.page_server import ROOT, RunningPage, running_page
from tests.strangers import Stranger
from train.feedback import load_feedback

LINE = [[505.0, 200.0, 505.0, 800.0]]


def test_what_is_kept_is_read_by_the_training_as_it_was_drawn(
    recognizer: Recognizer, tmp_path: Path
) -> None:
    keeper = Keeper(tmp_path)
    identity = give(keeper, recognizer, "ج")
    feedback = load_feedback(str(tmp_path))
    assert [LETTERS[label] for label in feedback.labels] == ["ج"]
    assert not feedback.left_out
    assert np.array_equal(feedback.inks[0], fit_to_input(strokes_to_ink(by_hand("ج"))))
    (line,) = lines(tmp_path)
    assert line["id"] == identity and line["consent"] is True and len(line["time"]) == 17
    assert (line["answer"], line["correction"]) == ("ج", "ج")
    for field in line:  # nothing but what the data card names
        assert f"| `{field}` |" in CARD.read_text("utf-8")


def test_of_a_picture_exactly_what_the_model_saw_is_kept(
    recognizer: Recognizer, tmp_path: Path
) -> None:
    ink = strokes_to_ink(by_hand("س"), size=400)
    prediction = recognizer.recognize_ink(ink)
    identity = Keeper(tmp_path).keep(prediction, "ش", None)
    feedback = load_feedback(str(tmp_path))
    assert [LETTERS[label] for label in feedback.labels] == ["ش"]
    assert np.array_equal(feedback.inks[0], prediction.ink)
    png = (tmp_path / "pictures" / f"{identity}.png").read_bytes()
    assert b"tEXt" not in png and b"eXIf" not in png


@pytest.mark.parametrize("letter", ["ا", "ث", "ي"])
def test_ink_drawn_as_png_is_found_again(letter: str) -> None:
    ink = fit_to_input(strokes_to_ink(by_hand(letter)))
    assert np.array_equal(fit_to_input(to_ink(decode(to_png(ink)))), ink)


def test_coordinates_are_brought_onto_the_surface(recognizer: Recognizer, tmp_path: Path) -> None:
    give(Keeper(tmp_path), recognizer, "ا", [[505.123456, -20, 505, 3000]])
    assert lines(tmp_path)[0]["strokes"] == [[505.1, 0, 505, 1000]]


def test_a_drawing_much_longer_than_a_letter_is_not_kept(
    recognizer: Recognizer, tmp_path: Path
) -> None:
    with pytest.raises(StrokesError):
        give(Keeper(tmp_path), recognizer, "ا", [[500.0, 200.0] * (NUMBERS // 2 + 1)])
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_many_at_once_do_not_mix_their_lines(recognizer: Recognizer, tmp_path: Path) -> None:
    keepers = [Keeper(tmp_path, a_minute=1000), Keeper(tmp_path, a_minute=1000)]
    prediction = recognizer.recognize_strokes(LINE)

    def one(number: int) -> str:
        strokes = [[float(number), 100.0, 500.0, 200.0 + number] * 50]
        return keepers[number % 2].keep(prediction, LETTERS[number % 28], strokes)

    with ThreadPoolExecutor(8) as visitors:
        identities = list(visitors.map(one, range(200)))
    kept = {line["id"]: line for line in lines(tmp_path)}
    assert len(kept) == 200
    for number, identity in enumerate(identities):
        assert kept[identity]["strokes"][0][0] == number
        assert kept[identity]["correction"] == LETTERS[number % 28]
        assert (tmp_path / kept[identity]["picture"]).is_file()


@pytest.fixture
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets no minute begin during a test."""
    monkeypatch.setattr("page.feedback.time.monotonic", lambda: 1_000_000.0)


@pytest.mark.usefixtures("one_minute")
def test_nobody_fills_the_disk(recognizer: Recognizer, tmp_path: Path) -> None:
    keeper = Keeper(tmp_path / "a", a_minute=2)
    for letter in "بج":
        give(keeper, recognizer, letter)
    with pytest.raises(FullError):
        give(keeper, recognizer, "س")
    for _ in range(3):  # what earlier runs kept counts as well
        small = Keeper(tmp_path / "b", bytes_=1500)
        with pytest.raises(FullError):
            for _ in range(9):
                give(small, recognizer, "ا", LINE)
    size = sum(file.stat().st_size for file in (tmp_path / "b").glob("*.jsonl"))
    assert 500 < size <= 1500


@pytest.mark.usefixtures("one_minute")
def test_one_address_does_not_take_what_all_may_give(
    recognizer: Recognizer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keeper = Keeper(tmp_path, a_minute=6)
    prediction = recognizer.recognize_strokes(LINE)
    for giver in ("10.0.0.1", "10.0.0.2"):
        for _ in range(2):
            keeper.keep(prediction, "ا", LINE, giver)
        with pytest.raises(FullError):
            keeper.keep(prediction, "ا", LINE, giver)
    assert keeper.keep(prediction, "ا", LINE, "10.0.0.3")
    assert "10.0" not in capsys.readouterr().err


KEEP_ON = """
import sys
from pathlib import Path
import numpy as np
from page.feedback import Keeper
from recognizer import Prediction
keeper = Keeper(Path(sys.argv[1]), a_minute=10**9)
prediction = Prediction((1.0,) + (0.0,) * 27, 1.0, "sure", np.full((64, 64), 255, np.uint8))
for number in range(10**9):
    strokes = [[number % 1000, number // 1000 % 1000, 505, 800] * 900]
    print(keeper.keep(prediction, "ا", strokes), flush=True)
"""


def test_a_kill_in_the_middle_leaves_everything_readable(
    recognizer: Recognizer, tmp_path: Path
) -> None:
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-c", KEEP_ON, str(tmp_path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout
        promised = [process.stdout.readline().strip() for _ in range(20)]
        process.send_signal(signal.SIGKILL)
        promised += process.stdout.read().split()[:-1]  # the last may be half a name
        process.wait()
        torn = 0
        for file in tmp_path.glob("corrections*.jsonl"):
            *whole, last = file.read_bytes().split(b"\n")
            torn += bool(last)
            for line in whole:
                entry = json.loads(line)
                assert decode((tmp_path / entry["picture"]).read_bytes()).shape == (64, 64)
                if entry["id"] in promised:
                    promised.remove(entry["id"])
        assert promised == []  # what was said to be kept is there
    give(Keeper(tmp_path), recognizer, "ج")
    feedback = load_feedback(str(tmp_path))
    assert "ج" in {LETTERS[label] for label in feedback.labels}
    assert feedback.left_out["in another form"] == torn


def test_a_torn_line_does_not_swallow_the_next(recognizer: Recognizer, tmp_path: Path) -> None:
    keeper = Keeper(tmp_path)
    give(keeper, recognizer, "ب")
    give(keeper, recognizer, "ت")
    (file,) = tmp_path.glob("*.jsonl")
    os.truncate(file, file.stat().st_size - 40)
    give(Keeper(tmp_path), recognizer, "ج")
    assert letters(tmp_path) == "بج"
    assert load_feedback(str(tmp_path)).left_out == {"in another form": 1}


def test_nor_does_a_line_that_a_full_disk_cut_off(recognizer: Recognizer, tmp_path: Path) -> None:
    keeper = Keeper(tmp_path)
    give(keeper, recognizer, "ب")
    (file,) = tmp_path.glob("*.jsonl")
    before = file.read_bytes()
    room = len(before) + 1500  # for the picture, and for half of the line
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        with pytest.raises(OSError):
            give(keeper, recognizer, "ت", by_hand("ت") * 3)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert file.read_bytes() == before
    assert len(list(tmp_path.rglob("*.png"))) == 1  # no picture without a line
    give(keeper, recognizer, "ج")
    assert letters(tmp_path) == "بج"


def test_who_runs_the_page_learns_once_that_letters_are_not_kept(
    recognizer: Recognizer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keeper = Keeper(tmp_path, bytes_=10)
    for _ in range(3):
        with pytest.raises(FullError):
            give(keeper, recognizer, "ب")
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and f"{tmp_path} is as full as it may become" in said


GOOD = {"turn": 3, "letter": "ب", "consent": True}


def test_a_correction_with_consent_is_taken() -> None:
    assert CorrectionControl().preprocess(dict(GOOD)) == Correction("ب", 3)


@pytest.mark.parametrize(
    "other",
    [{"consent": value} for value in (False, None, 1, "true", [True])]
    + [{"letter": value} for value in ("", "x", "بت", "ٱ", None, 7, ["ب"], {"ب": 1})]
    + [{"turn": value} for value in (None, "3", 3.5, [])],
)
def test_a_correction_that_may_not_or_cannot_be_kept_is_none(other: dict[str, Any]) -> None:
    assert CorrectionControl().preprocess({**GOOD, **other}) is None


@pytest.mark.parametrize("payload", [None, 7, "ب", [], [GOOD], True])
def test_what_is_no_correction_is_none(payload: Any) -> None:
    assert CorrectionControl().preprocess(payload) is None


def test_without_a_folder_or_a_data_set_nobody_keeps_anything() -> None:
    assert open_keeper({}) is None
    assert open_keeper({"HARF_FEEDBACK_DIR": "", "HARF_FEEDBACK_REPO": ""}) is None


def test_a_folder_may_be_named_from_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)  # where ./~ would be
    keeper = open_keeper({"HARF_FEEDBACK_DIR": "~/kept"})
    assert keeper and keeper.folder == tmp_path / "kept"
    assert not (tmp_path / "~").exists()


def test_a_folder_that_cannot_be_written_to_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert open_keeper({"HARF_FEEDBACK_DIR": str(tmp_path / "file")}) is None
    assert "cannot be written to" in capsys.readouterr().err


def call(
    page: RunningPage, view: str, surface: Any, correction: Any, *, address: str = "10.0.0.1"
) -> Any:
    """Ask the running page to keep something, as its own script does; return its answer."""
    with urllib.request.urlopen(page.url + "config") as response:
        config = json.load(response)
    parts = [c["id"] for c in config["components"] if "correction" in classes(c)]
    part = parts[["draw", "upload"].index(view)]
    (function,) = [d["id"] for d in config["dependencies"] if part in d["outputs"]]
    body = {"data": [surface, correction], "fn_index": function, "session_hash": "me"}
    request = urllib.request.Request(
        page.url + "gradio_api/queue/join",
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "X-Forwarded-For": address},
    )
    urllib.request.urlopen(request).close()
    with urllib.request.urlopen(page.url + "gradio_api/queue/data?session_hash=me") as events:
        for event in events:
            if b"process_completed" in event:
                return json.loads(event.removeprefix(b"data: "))["output"]["data"][0]
    raise AssertionError("no answer")


def classes(component: dict[str, Any]) -> list[str]:
    return list(component["props"].get("elem_classes") or [])


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def collecting(tmp_path_factory: pytest.TempPathFactory) -> RunningPage:
    """A page that keeps corrections, with every place where a file could land known."""
    folder = tmp_path_factory.mktemp("collecting")
    (folder / "tmp").mkdir()
    return running_page(
        ("HARF_FEEDBACK_DIR", str(folder / "kept")),
        ("TMPDIR", str(folder / "tmp")),
        ("GRADIO_TEMP_DIR", str(folder / "tmp" / "gradio")),
        ("HOME", str(folder / "tmp")),
    )


def test_a_running_page_keeps_with_consent_and_else_nothing(
    collecting: RunningPage, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = next(tmp_path_factory.getbasetemp().glob("collecting*"))
    drawing = {"strokes": by_hand("ب"), "pen": 0.04, "turn": 3}
    picture = {"url": "data:image/png;base64,AAAA", "turn": 3}
    assert call(collecting, "draw", None, None) is None  # what a start still says is said now
    before = contents(folder), collecting.log.read_bytes()
    for consent in (False, None, 1, "true"):
        assert call(collecting, "draw", dict(drawing), {**GOOD, "consent": consent}) is None
    for refused in ({**drawing, "turn": 2}, {**drawing, "strokes": "no"}, None, {"turn": 3}):
        answer = call(collecting, "draw", refused, GOOD)
        assert answer == {"turn": 3, "id": None}
    assert call(collecting, "upload", picture, GOOD) == {"turn": 3, "id": None}
    assert (contents(folder), collecting.log.read_bytes()) == before
    identity = call(collecting, "draw", drawing, GOOD)["id"]
    new = contents(folder).keys() - before[0].keys()
    assert {path.suffix for path in new} == {".jsonl", ".png"} and len(new) == 2
    assert all(path.is_relative_to(folder / "kept") for path in new)
    assert [line["id"] for line in lines(folder / "kept")] == [identity]
    assert letters(folder / "kept") == "ب"


def test_a_visitor_who_gives_too_many_leaves_room_for_others(collecting: RunningPage) -> None:
    drawing = {"strokes": by_hand("ب"), "pen": 0.04, "turn": 3}

    def give(address: str) -> bool:
        return call(collecting, "draw", drawing, GOOD, address=address)["id"] is not None

    taken = [give("10.0.0.2")]
    while taken[-1] and len(taken) <= 2 * A_MINUTE // SHARES:  # a minute may begin in between
        taken.append(give("10.0.0.2"))
    assert taken[0] and not taken[-1]
    assert give("10.0.0.3")


def test_a_page_that_is_told_to_stop_sends_what_it_has(
    hub: Hub, tmp_path: Path, recognizer: Recognizer
) -> None:
    settings = {"HF_ENDPOINT": os.environ["HF_ENDPOINT"], "HF_TOKEN": "hf_writer"}
    settings |= {"HF_HOME": str(tmp_path), "HARF_FEEDBACK_REPO": NAME}
    page = running_page(*settings.items(), ("HF_HUB_DISABLE_XET", "1"))
    # Whoever wants a letter removed is led to where that is asked for.
    assert f"{settings['HF_ENDPOINT']}/datasets/{NAME}" in Stranger(page).ask("")[1]
    for letter in "بت":  # the Hub's client sends several pictures otherwise than one
        drawing = {"strokes": by_hand(letter), "pen": 0.04, "turn": 3}
        assert call(page, "draw", drawing, {**GOOD, "letter": letter})["id"]
    page.process.terminate()
    asked = json.dumps({"data": [by_hand("ب"), 0.05]}).encode()
    while page.process.poll() is None:
        with suppress(OSError, HTTPException):  # it answers, or nobody does any more
            Stranger(page).ask("gradio_api/run/recognize_strokes", asked)
    assert b"Traceback" not in page.said()
    until = time.monotonic() + 5
    while time.monotonic() < until and ("dataset", NAME) not in hub.repositories:
        time.sleep(0.1)
    assert letters(NAME) == "بت"
