"""Corrections by visitors are used when they may and can be, and counted when not."""

import io
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from huggingface_hub import DatasetCard
from PIL import Image

from recognizer import LETTERS, fit_to_input, strokes_to_ink
from tests.hand import by_hand
from tests.hub_server import Hub
from tests.hub_state import Fault
from train.__main__ import main
from train.batches import Batches
from train.config import TrainConfig
from train.dataset import Scans
from train.errors import TrainError
from train.feedback import Feedback, load_feedback, without_known
from train.fit import claim
from train.trace import trace

CARD = Path(__file__).parent.parent / "assets" / "feedback" / "README.md"
NAME = "owner/harf-feedback"


def entry(letter: str, number: int = 0, **other: Any) -> dict[str, Any]:
    """A correction as the page writes it."""
    return {
        "id": f"{LETTERS.index(letter) if letter in LETTERS else 99}-{number}",
        "time": "2026-11-23T21:00Z",
        "strokes": by_hand(letter) if letter in LETTERS else by_hand("ب"),
        "picture": None,
        "answer": "ا",
        "correction": letter,
        "consent": True,
        **other,
    }


def png(letter: str) -> bytes:
    """A picture of a letter: dark ink on light paper."""
    file = io.BytesIO()
    Image.fromarray(255 - strokes_to_ink(by_hand(letter))).save(file, "png")
    return file.getvalue()


def write(folder: Path, *entries: Any, name: str = "corrections.jsonl") -> Path:
    lines = [e if isinstance(e, str) else json.dumps(e, ensure_ascii=False) for e in entries]
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def pictured(folder: Path, identity: str, data: bytes, letter: str = "ج") -> dict[str, Any]:
    """A correction of a picture, which is put into the folder."""
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    (folder / "pictures" / f"{identity}.png").write_bytes(data)
    return entry(letter, id=identity, strokes=None, picture=f"pictures/{identity}.png")


def test_strokes_and_pictures_become_ink_and_label(tmp_path: Path) -> None:
    write(tmp_path, entry("ب"), pictured(tmp_path, "a-1", png("ج")))
    feedback = load_feedback(str(tmp_path))
    assert [LETTERS[label] for label in feedback.labels] == ["ب", "ج"]
    assert np.array_equal(feedback.inks[0], fit_to_input(strokes_to_ink(by_hand("ب"))))
    assert all(ink.shape == (64, 64) for ink in feedback.inks)
    assert str(feedback) == "feedback: 2 corrections; left out: none"


def test_what_several_servers_collected_is_read_together(tmp_path: Path) -> None:
    write(tmp_path, entry("ب"))
    write(tmp_path, entry("س"), entry("ب", 1), name="corrections-7f.jsonl")
    feedback = load_feedback(str(tmp_path))
    assert sorted(LETTERS[label] for label in feedback.labels) == ["ب", "س"]
    assert feedback.left_out == {"there twice": 1}


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"consent": False}, "without consent"),
        ({"consent": "true"}, "without consent"),
        ({"consent": 1}, "without consent"),
        ({"correction": "x"}, "with an unknown letter"),
        ({"correction": "بت"}, "with an unknown letter"),
        ({"correction": ""}, "with an unknown letter"),
        ({"correction": None}, "with an unknown letter"),
        ({"strokes": []}, "unreadable or blank"),
        ({"strokes": [[1, 2, 3]]}, "unreadable or blank"),
        ({"strokes": {"a": 1}}, "unreadable or blank"),
        ({"strokes": None}, "in another form"),
        ({"strokes": None, "picture": "pictures/other.png"}, "in another form"),
        ({"strokes": None, "picture": "pictures/24-0.png"}, "in another form"),
        ({"strokes": None, "picture": "pictures/1-0.png"}, "unreadable or blank"),
        ({"id": "../../secret", "strokes": None, "picture": "pictures/../../secret.png"},)
        + ("in another form",),
        ({"id": ""}, "in another form"),
        ({"id": 7}, "in another form"),
    ],
)
def test_what_may_not_or_cannot_be_used_is_left_out(
    tmp_path: Path, other: dict[str, Any], reason: str
) -> None:
    write(tmp_path, entry("ب", **other), entry("س"))
    feedback = load_feedback(str(tmp_path))
    assert [LETTERS[label] for label in feedback.labels] == ["س"]
    assert feedback.left_out == {reason: 1}
    assert f"1 {reason}" in str(feedback)


@pytest.mark.parametrize("line", ["{", "7", "[]", "null", "[" * 100_000, "\x00", '{"id": "a"'])
def test_a_line_that_is_no_correction_is_left_out(tmp_path: Path, line: str) -> None:
    write(tmp_path, line, entry("س"))
    assert load_feedback(str(tmp_path)).left_out == {"in another form": 1}


def test_pictures_that_cannot_be_used_are_left_out(tmp_path: Path) -> None:
    blank = io.BytesIO()
    Image.new("L", (64, 64), 255).save(blank, "png")
    jpeg = io.BytesIO()
    Image.new("L", (64, 64), 255).save(jpeg, "jpeg")
    bad = {"blank": blank.getvalue(), "half": png("ج")[:60], "jpeg": jpeg.getvalue(), "no": b""}
    entries = [pictured(tmp_path, name, data) for name, data in bad.items()]
    (tmp_path / "pictures" / "folder.png").mkdir()
    entries.append(entry("ج", id="folder", strokes=None, picture="pictures/folder.png"))
    write(tmp_path, *entries)
    feedback = load_feedback(str(tmp_path))
    assert feedback.inks == () and feedback.left_out == {"unreadable or blank": 5}


def test_a_data_set_on_the_hub_is_read_at_its_revision(hub: Hub, tmp_path: Path) -> None:
    folder = write(tmp_path, entry("ب"), pictured(tmp_path, "a-1", png("ج")))
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    data = hub.add("dataset", NAME, {**files, "notes.txt": b"-"})
    older = data.head.sha
    hub.push(data, {"corrections.jsonl": json.dumps(entry("س")).encode()})
    assert load_feedback(NAME).labels == (LETTERS.index("س"),)
    assert len(load_feedback(f"{NAME}@{older}").inks) == 2
    assert not any("notes.txt" in request for request in hub.requests)


def test_a_copy_of_another_day_is_not_taken_for_what_the_hub_has(
    hub: Hub, capsys: pytest.CaptureFixture[str]
) -> None:
    line = json.dumps(entry("س")).encode()
    data = hub.add("dataset", NAME, {"corrections.jsonl": line})
    load_feedback(NAME)
    assert f"{NAME}@{data.head.sha}" in capsys.readouterr().out
    hub.faults = [Fault("", "", 503)]
    with pytest.raises(TrainError, match="trouble of its own"):
        load_feedback(NAME)


def test_a_data_set_that_is_not_there_is_said(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(TrainError, match="is not there, or you may not see it"):
        load_feedback("owner/nothing")
    with pytest.raises(TrainError, match="neither a folder nor a data set"):
        load_feedback("nowhere")
    with pytest.raises(TrainError, match=r"no corrections\*\.jsonl"):
        load_feedback(str(tmp_path))
    hub.faults = [Fault("", "", 0)]
    with pytest.raises(TrainError, match="broke off"):
        load_feedback("owner/other")


def test_neither_side_of_a_contradiction_is_trained_on(tmp_path: Path) -> None:
    same = {"strokes": by_hand("ر")}
    contradictory = [entry("ر"), entry("ز", **same), entry("ر", 1)]
    feedback = load_feedback(str(write(tmp_path, *contradictory, entry("س"))))
    assert [LETTERS[label] for label in feedback.labels] == ["س"]
    assert feedback.left_out == {"one drawing as two letters": 3}


def test_letters_to_measure_on_are_not_trained_on(tmp_path: Path) -> None:
    known = [strokes_to_ink(by_hand(letter), size=64) for letter in "جس"]
    large = [cv2.resize(255 - ink, (256, 256), interpolation=cv2.INTER_CUBIC) for ink in known]
    jpegs = [cv2.imdecode(cv2.imencode(".jpg", scan)[1], cv2.IMREAD_GRAYSCALE) for scan in large]
    pictures = [cv2.imencode(".png", scan)[1].tobytes() for scan in jpegs]
    given = [pictured(tmp_path, f"a-{n}", picture) for n, picture in enumerate(pictures)]
    feedback = load_feedback(str(write(tmp_path, *given, entry("و"))))
    left = without_known(feedback, known)
    assert [LETTERS[label] for label in left.labels] == ["و"]
    assert left.left_out == {"of a letter to measure on": 2}
    assert "1 corrections; left out: 2 of a letter to measure on" in str(left)
    assert without_known(Feedback(), known) == Feedback()


def scans() -> Scans:
    """Cells as AHCD's, by the hand of these tests."""
    cells = [cv2.resize(strokes_to_ink(by_hand(letter)), (32, 32)) for letter in "بجس"]
    labels = np.array([LETTERS.index(letter) for letter in "بجس"])
    return Scans(np.stack(cells), labels, np.zeros(3, int), np.arange(3))


def test_corrections_are_drawn_like_scans_and_none_changes_nothing(tmp_path: Path) -> None:
    config = TrainConfig(batch_size=64, scans=1.0, traced=0.0, synthetic=0.0, nonletters=0.0)
    traces = [trace(cell) for cell in scans().cells]
    without = Batches(config, scans(), traces)
    inks, targets, _ = without[0]
    assert np.array_equal(inks, Batches(config, scans(), traces, Feedback())[0][0])
    feedback = load_feedback(str(write(tmp_path, entry("و"))))
    more = Batches(config, scans(), [*traces, trace(feedback.inks[0])], feedback)
    letters = {LETTERS[row] for row in more[0][1]["letters"].argmax(axis=1)}
    assert letters == set("بجسو")
    assert {LETTERS[row] for row in targets["letters"].argmax(axis=1)} == set("بجس")


def test_a_run_remembers_its_feedback(tmp_path: Path) -> None:
    feedback = load_feedback(str(write(tmp_path / "given", entry("و"))))
    claim(tmp_path / "plain", TrainConfig())
    assert "feedback" not in (tmp_path / "plain" / "config.json").read_text()
    claim(tmp_path / "run", TrainConfig(), feedback)
    claim(tmp_path / "run", TrainConfig(), feedback)
    assert json.loads((tmp_path / "run" / "config.json").read_text())["corrections"] == 1
    with pytest.raises(TrainError, match="other settings"):
        claim(tmp_path / "run", TrainConfig())
    with pytest.raises(TrainError, match="other settings"):
        claim(tmp_path / "run", TrainConfig(epochs=5), feedback)
    grown = load_feedback(str(write(tmp_path / "grown", entry("و"), entry("ب"))))
    with pytest.raises(TrainError, match="OWNER/NAME@COMMIT"):
        claim(tmp_path / "run", TrainConfig(), grown)


def test_the_baseline_takes_no_feedback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["fit", "--network", "baseline", "--workdir", str(tmp_path), "--feedback", NAME]
    assert main(arguments) == 1
    assert "AHCD alone" in capsys.readouterr().err


def test_the_data_card_describes_what_is_read() -> None:
    card = DatasetCard.load(CARD)
    assert (card.data.language, card.data.license) == ("ar", "cc0-1.0")
    assert LETTERS in card.text
    for name in entry("ب"):
        assert f"| `{name}` |" in card.text
    # Or the Hub guesses from the first file, where pictures alone would make strokes nothing.
    described = [feature["name"] for feature in card.data.dataset_info["features"]]
    assert sorted(described) == sorted(entry("ب"))
