"""Corrections go to a data set on the Hub, and its failures keep nobody from giving or starting."""

import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants

from page.feedback import CARD, FullError, Keeper, open_keeper
from recognizer import Recognizer
from tests.corrections import NAME, give, letters
from tests.hub_server import Hub
from tests.hub_state import Fault


@pytest.fixture
def token(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """What sets the settings of somebody who may write to the Hub."""
    monkeypatch.setenv("HF_TOKEN", "hf_writer")
    return monkeypatch


@pytest.fixture
def sent(token: pytest.MonkeyPatch) -> Iterator[list[Keeper]]:
    """Keepers that send to the Hub, which shall not go on doing so."""
    keepers: list[Keeper] = []
    yield keepers
    for keeper in keepers:
        if keeper.scheduler:
            keeper.scheduler.stop()


def opened(sent: list[Keeper], **environment: str) -> Keeper:
    keeper = open_keeper(environment)
    assert keeper
    sent.append(keeper)
    return keeper


def push(keeper: Keeper) -> None:
    assert keeper.scheduler
    keeper.scheduler.trigger().result(60)


def test_what_is_kept_goes_to_the_hub_and_comes_back_to_the_training(
    hub: Hub, sent: list[Keeper], recognizer: Recognizer, tmp_path: Path
) -> None:
    keeper = opened(sent, HARF_FEEDBACK_DIR=str(tmp_path), HARF_FEEDBACK_REPO=NAME)
    give(keeper, recognizer, "ب")
    push(keeper)
    give(keeper, recognizer, "ج")
    push(keeper)
    assert letters(NAME) == "بج"
    there = hub.repositories["dataset", NAME].head.files
    assert there["README.md"].data == CARD.read_bytes()
    assert sum(path.endswith(".png") for path in there) == 2


def test_another_start_adds_to_the_hub_and_brings_nothing_back(
    hub: Hub, sent: list[Keeper], recognizer: Recognizer, tmp_path: Path
) -> None:
    there = hub.add("dataset", NAME, {"README.md": b"A card that somebody edited."})
    for letter in "بج":
        keeper = opened(sent, HARF_FEEDBACK_DIR=str(tmp_path), HARF_FEEDBACK_REPO=NAME)
        give(keeper, recognizer, letter)
        push(keeper)
    assert letters(NAME) == "بج"
    assert there.head.files["README.md"].data == b"A card that somebody edited."
    # A letter that was taken back stays away, though the folder still has it.
    first = f"corrections-{sent[0].run}.jsonl"
    hub.push(there, {first: b"\n"})
    keeper = opened(sent, HARF_FEEDBACK_DIR=str(tmp_path), HARF_FEEDBACK_REPO=NAME)
    give(keeper, recognizer, "س")
    push(keeper)
    assert letters(NAME) == "جس"


def test_the_data_set_may_be_named_as_a_model_is(
    hub: Hub, sent: list[Keeper], recognizer: Recognizer
) -> None:
    keeper = opened(sent, HARF_FEEDBACK_REPO=f"hf://{NAME}")
    give(keeper, recognizer, "ب")
    push(keeper)
    assert letters(NAME) == "ب"


def test_a_data_set_alone_needs_no_folder(
    hub: Hub, sent: list[Keeper], recognizer: Recognizer
) -> None:
    keeper = opened(sent, HARF_FEEDBACK_REPO=NAME)
    give(keeper, recognizer, "ب")
    push(keeper)
    assert letters(NAME) == "ب"


def alone(settings: pytest.MonkeyPatch, folder: Path) -> Keeper:
    """Open a keeper with a data set and no folder: its own is made in that one."""
    settings.setattr(tempfile, "tempdir", str(folder))
    keeper = open_keeper({"HARF_FEEDBACK_REPO": NAME})
    assert keeper
    return keeper


def test_a_folder_for_a_data_set_alone_goes_with_the_page(
    hub: Hub, token: pytest.MonkeyPatch, recognizer: Recognizer, tmp_path: Path
) -> None:
    keeper = alone(token, tmp_path)
    for letter in "بج":
        give(keeper, recognizer, letter)
    keeper.leave()
    assert letters(NAME) == "بج"
    assert not list(tmp_path.glob("harf-feedback-*"))
    with pytest.raises(FullError):  # somebody's letter shall not be thanked for and lost
        give(keeper, recognizer, "س")


def test_a_folder_that_was_asked_for_stays_once_its_letters_are_sent(
    hub: Hub, token: pytest.MonkeyPatch, recognizer: Recognizer, tmp_path: Path
) -> None:
    keeper = open_keeper({"HARF_FEEDBACK_DIR": str(tmp_path), "HARF_FEEDBACK_REPO": NAME})
    assert keeper
    for letter in "بج":
        give(keeper, recognizer, letter)
    keeper.leave()
    assert letters(NAME) == letters(tmp_path) == "بج"


def test_a_folder_whose_letters_were_not_sent_stays_and_is_named(
    hub: Hub,
    token: pytest.MonkeyPatch,
    recognizer: Recognizer,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    hub.faults = [Fault("POST", "/commit/", 403)]
    hub.add("dataset", NAME, {"README.md": b"-"})
    keeper = alone(token, tmp_path)
    give(keeper, recognizer, "ب")
    keeper.leave()
    (folder,) = tmp_path.glob("harf-feedback-*")
    assert f"stay in {folder}" in capsys.readouterr().err
    assert letters(folder) == "ب"


def test_a_hub_that_falls_silent_does_not_keep_the_page_from_ending(
    hub: Hub,
    token: pytest.MonkeyPatch,
    recognizer: Recognizer,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    token.setattr("page.feedback.SILENCE", 0.3)
    keeper = alone(token, tmp_path)
    assert keeper.scheduler
    push(keeper)
    give(keeper, recognizer, "ب")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        keeper.scheduler.api.endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        keeper.leave()  # after some tries, with pauses in between
    assert "stay in" in capsys.readouterr().err
    assert letters(keeper.folder) == "ب"


def test_a_folder_that_a_refusing_hub_leaves_unused_is_removed(
    hub: Hub, token: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    token.setattr(tempfile, "tempdir", str(tmp_path))
    token.setenv("HF_TOKEN", "hf_reader")
    assert open_keeper({"HARF_FEEDBACK_REPO": NAME}) is None
    assert not list(tmp_path.glob("harf-feedback-*"))


@pytest.mark.parametrize(
    ("repo", "token", "says"),
    [
        (NAME, None, "there is no token"),
        (NAME, "hf_reader", "the Hub refuses it"),
        (NAME, "hf_stranger", "the Hub refuses it"),
        (NAME, "hf_wrong", "the Hub refuses it"),
        ("no name", "hf_writer", "no name on the Hub"),
        ("hf://no name", "hf_writer", "no name on the Hub"),
        (f"{NAME}@main", "hf_writer", "OWNER/NAME alone"),
    ],
)
def test_a_hub_that_does_not_take_it_is_said_and_the_folder_keeps_it(
    hub: Hub,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    recognizer: Recognizer,
    tmp_path: Path,
    repo: str,
    token: str | None,
    says: str,
) -> None:
    if token:
        monkeypatch.setenv("HF_TOKEN", token)
    keeper = open_keeper({"HARF_FEEDBACK_DIR": str(tmp_path), "HARF_FEEDBACK_REPO": repo})
    assert keeper and not keeper.scheduler
    said = capsys.readouterr().err
    assert says in said and f"kept in {tmp_path} only" in said
    give(keeper, recognizer, "ب")
    assert letters(tmp_path) == "ب"
    assert open_keeper({"HARF_FEEDBACK_REPO": repo}) is None
    assert "Corrections are not kept" in capsys.readouterr().err


def said_when_opened_in_vain(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    keeper = open_keeper({"HARF_FEEDBACK_DIR": str(folder), "HARF_FEEDBACK_REPO": NAME})
    assert keeper and not keeper.scheduler
    return capsys.readouterr().err


def test_a_hub_that_is_silent_keeps_no_page_from_starting(
    token: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    token.setattr("page.feedback.PATIENCE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        token.setattr(constants, "ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        started = time.monotonic()
        assert "out of reach" in said_when_opened_in_vain(tmp_path, capsys)
    assert time.monotonic() - started < 30


def test_a_hub_that_may_not_be_asked_is_not_taken_for_a_folder_that_cannot_be_written_to(
    token: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    token.setattr(constants, "HF_HUB_OFFLINE", True)
    said = said_when_opened_in_vain(tmp_path, capsys)
    assert f"kept in {tmp_path} only" in said and "written to" not in said
