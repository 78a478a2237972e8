"""A model by its name on the Hub: fetched once, checked, and one sentence when it fails."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import huggingface_hub
import pytest
from huggingface_hub import constants

from recognizer import ModelError, Recognizer
from recognizer.hub import HubName, fetch
from recognizer.model import BUNDLED
from tests.hand import by_hand
from tests.hub_server import Hub
from tests.hub_state import Fault, Repository

FILES = {name: (BUNDLED / name).read_bytes() for name in ("model.json", "model.keras")}
NAME = "owner/harf"


@pytest.fixture
def model(hub: Hub) -> Repository:
    """The model that ships, on the Hub."""
    return hub.add("model", NAME, FILES)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client's own retries, without its pauses between them."""
    monkeypatch.setattr(time, "sleep", lambda seconds: None)


def pinned(model: Repository) -> HubName:
    return HubName(NAME, model.head.sha)


def refusal(name: HubName) -> str:
    with pytest.raises(ModelError) as refused:
        fetch(name)
    sentence = str(refused.value)
    assert sentence.endswith(".") and "\n" not in sentence
    assert "hf_" not in sentence
    return sentence


def test_a_model_from_the_hub_answers_like_the_bundled_one(
    model: Repository, recognizer: Recognizer
) -> None:
    fetched = Recognizer.load(f"hf://{NAME}@{model.head.sha}")
    strokes = by_hand("ب")
    assert fetched.recognize_strokes(strokes) == recognizer.recognize_strokes(strokes)


def test_harf_model_names_the_model_for_everybody(
    hub: Hub, model: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARF_MODEL", f"hf://{NAME}@{model.head.sha}")
    Recognizer.load()
    assert any("model.keras" in request for request in hub.requests)


def test_a_pinned_model_is_fetched_once_and_never_asked_for_again(
    hub: Hub, model: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    first = fetch(pinned(model))
    hub.requests.clear()
    assert fetch(pinned(model)) == first
    assert hub.requests == [] and capsys.readouterr().err == ""


def test_without_a_revision_the_newest_is_taken_and_named(
    hub: Hub, model: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    fetch(HubName(NAME))
    newest = hub.push(model, {"notes.txt": b"more"})
    assert fetch(HubName(NAME)).name == newest
    assert f"hf://{NAME}@{newest}" in capsys.readouterr().err


def test_a_branch_is_followed_and_both_files_are_of_one_commit(hub: Hub, model: Repository) -> None:
    older = model.head.sha
    newer = hub.push(model, {"notes.txt": b"on a branch"}, ref="trial")
    assert fetch(HubName(NAME, "trial")).name == newer
    assert fetch(HubName(NAME, older)).name == older


def test_without_a_network_what_was_fetched_before_is_taken(
    hub: Hub, model: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = fetch(HubName(NAME))
    for status in (0, 429, 500, 503):
        hub.faults = [Fault("", "", status)]
        assert fetch(HubName(NAME)) == folder
        assert "as it was fetched before" in capsys.readouterr().err


def test_an_update_that_breaks_off_leaves_the_older_one_usable(
    hub: Hub, model: Repository, impatient: None
) -> None:
    folder = fetch(HubName(NAME))
    hub.push(model, {"model.keras": FILES["model.keras"] + b"newer"})
    hub.faults = [Fault("GET", "/lfs/", 0)]
    assert fetch(HubName(NAME)) == folder


def test_without_a_network_and_without_a_copy_it_says_what_to_do(
    hub: Hub, model: Repository
) -> None:
    hub.faults = [Fault("", "", 0)]
    started = time.monotonic()
    sentence = refusal(HubName(NAME))
    assert "out of reach" in sentence and "HARF_MODEL" in sentence
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("failure", [RuntimeError("CAS service error"), ValueError("failed")])
def test_a_storage_behind_the_hub_that_fails_is_a_hub_out_of_reach(
    hub: Hub, model: Repository, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail(*_: object, **__: object) -> str:
        raise failure  # as the Hub's client does: its stand-in here keeps large files another way

    folder = fetch(HubName(NAME))
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", fail)
    assert fetch(HubName(NAME)) == folder
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(folder / "empty"))
    assert "out of reach" in refusal(HubName(NAME))


def test_the_offline_switch_of_the_hub_is_respected(
    hub: Hub, model: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = fetch(HubName(NAME))
    hub.requests.clear()
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert fetch(HubName(NAME)) == folder
    assert hub.requests == []


def test_a_wrong_name_and_a_private_model_are_one_sentence(hub: Hub) -> None:
    hub.add("model", "owner/hidden", FILES, is_private=True)
    for name in ("owner/nothing", "owner/hidden"):
        assert f"no {name} on the Hub that you may see" in refusal(HubName(name))


def test_a_private_model_is_loaded_with_the_token_of_its_owner(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.add("model", "owner/hidden", FILES, is_private=True)
    monkeypatch.setenv("HF_TOKEN", "hf_reader")
    assert (fetch(HubName("owner/hidden")) / "model.keras").is_file()


def test_a_token_that_the_hub_does_not_know_is_said(
    hub: Hub, model: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_expired")
    assert "refuses you" in refusal(HubName(NAME))


def test_a_model_given_on_request_says_so(hub: Hub) -> None:
    hub.add("model", NAME, FILES, is_gated=True)
    assert "on request only" in refusal(HubName(NAME))


def test_a_wrong_revision_is_named(model: Repository) -> None:
    assert "no revision v9" in refusal(HubName(NAME, "v9"))


def test_something_else_than_a_model_is_said(hub: Hub) -> None:
    hub.add("model", NAME, {"config.json": b"{}"})
    assert "not a model of Harf" in refusal(HubName(NAME))


def test_a_cut_connection_goes_on_where_it_was_cut(
    hub: Hub, model: Repository, impatient: None
) -> None:
    hub.faults = [Fault("GET", "/lfs/", 0, times=2)]
    folder = fetch(pinned(model))
    assert (folder / "model.keras").read_bytes() == FILES["model.keras"]


def test_a_copy_damaged_here_is_fetched_again(hub: Hub, model: Repository) -> None:
    network = fetch(pinned(model)) / "model.keras"
    whole = network.read_bytes()
    network.resolve().write_bytes(whole[: len(whole) // 2])
    assert (fetch(pinned(model)) / "model.keras").read_bytes() == whole
    network.resolve().write_bytes(whole[:-1] + b"?")
    hub.faults = [Fault("", "", 0)]
    assert "no whole copy" in refusal(pinned(model))


@pytest.mark.parametrize(
    "files, says",
    [
        ({"model.keras": FILES["model.keras"][:-1] + b"?"}, "not the file"),
        ({"model.keras": FILES["model.keras"][:999]}, "not the file"),
        ({"model.json": FILES["model.json"][:99]}, "damaged"),
        (
            {
                "model.json": json.dumps(
                    {**json.loads(FILES["model.json"]), "labels": "ab"}
                ).encode()
            },
            "other letters",
        ),
    ],
    ids=["altered", "half", "half a description", "other labels"],
)
def test_an_unsound_model_is_refused_with_what_to_do(
    hub: Hub, model: Repository, files: dict[str, bytes], says: str
) -> None:
    bad = hub.push(model, files)
    with pytest.raises(ModelError, match=says) as refused:
        Recognizer.load(f"hf://{NAME}@{bad}")
    assert f"take another revision of hf://{NAME}" in str(refused.value)
    assert "copy the whole model folder" not in str(refused.value)


@pytest.mark.parametrize(
    "name",
    ["harf", "owner/", "/harf", "owner/../x", "owner/harf@", "owner/harf@../../x", "a/b/c"]
    + ["owner/harf@a//b", "owner/harf@x y", "owner/harf.git", "owner/ha--rf", "owner/harf@/etc"]
    + ["owner/harf-", "owner-/harf", "owner/harf.", "owner./harf@main"]
    + ["owner/harf\n", "owner/harf@refs/../x", "owner/.harf", "owner/harf@a/", "öwner/harf"],
)
def test_a_name_that_is_none_is_refused_before_anything_is_asked(hub: Hub, name: str) -> None:
    with pytest.raises(ModelError, match="is no name on the Hub"):
        Recognizer.load(f"hf://{name}")
    assert hub.requests == []


def test_the_command_line_takes_the_model_that_harf_model_names(
    hub: Hub, model: Repository, tmp_path: Path
) -> None:
    done = command_line(tmp_path, f"hf://{NAME}")
    assert done.returncode == 0, done.stderr
    assert f"hf://{NAME}@{model.head.sha}" in done.stderr
    again = command_line(tmp_path, "hf://owner/nothing")
    assert again.returncode == 1
    assert again.stderr.strip().splitlines()[-1].startswith("There is no owner/nothing")


def command_line(tmp_path: Path, model: str) -> subprocess.CompletedProcess[str]:
    picture = next((BUNDLED.parent / "examples").glob("*.png"))
    return subprocess.run(
        [sys.executable, "-m", "recognizer", str(picture)],
        cwd=BUNDLED.parent.parent,
        env={**os.environ, "HARF_MODEL": model, "HF_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
    )


def test_the_app_starts_on_the_bundled_model_and_says_so(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import app

    monkeypatch.setenv("HARF_MODEL", "hf://owner/nothing")
    recognizer, state = app.load()
    assert recognizer.recognize_strokes(by_hand("ب")).letter
    assert "no owner/nothing" in capsys.readouterr().err
    assert state == "substitute"


def test_without_a_choice_the_app_has_nothing_to_say() -> None:
    import app

    assert app.load()[1] == "ready"


def test_a_folder_can_be_chosen_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shutil.copytree(BUNDLED, tmp_path / "model")
    (folder / "model.json").unlink()
    monkeypatch.setenv("HARF_MODEL", str(folder))
    with pytest.raises(ModelError, match="no model.json"):
        Recognizer.load()
