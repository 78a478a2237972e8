"""The Space is what it needs and nothing else, and a second deployment changes what changed."""

import re
from pathlib import Path

import pytest
from huggingface_hub import SpaceCard

from recognizer import ModelError
from recognizer.hub import HubName
from tests.clone import MODEL, commit, make_clone
from tests.hub_server import Hub
from tests.hub_state import Commit, Fault
from train.errors import TrainError
from train.hub import Target
from train.space import deploy, space_files

SPACE = Target("owner/harf-demo", "space")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return make_clone(tmp_path / "clone")


@pytest.fixture(autouse=True)
def logged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_writer")


def head(hub: Hub) -> Commit:
    return hub.repositories["space", SPACE.repo].head


def test_the_space_holds_what_it_needs_and_nothing_else(clone: Path) -> None:
    tree = space_files(clone)
    assert {"app.py", "README.md", "requirements.txt", f"{MODEL}/model.keras"} <= tree.keys()
    rooms = {path.split("/")[0] for path in tree}
    assert rooms == {"app.py", "page", "recognizer", "assets", "requirements.txt"} | {
        "README.md",
        "LICENSE",
        "SECURITY.md",
        "benchmarks",
    }
    links = re.findall(r"\]\((?!http|#)([^)]+)\)", tree["README.md"].decode())
    assert links and set(links) <= tree.keys()
    assert {path for path in tree if path.startswith(MODEL)} == {
        f"{MODEL}/README.md",
        f"{MODEL}/metrics.json",
        f"{MODEL}/model.json",
        f"{MODEL}/model.keras",
    }
    unwanted = ("__pycache__", ".pyc", ".pyi", ".git", "test")
    assert not [path for path in tree if any(part in path for part in unwanted)]


def test_the_space_asks_for_gradio_once_and_for_the_rest_as_it_is(clone: Path) -> None:
    tree = space_files(clone)
    ours = (clone / "requirements.txt").read_text(encoding="utf-8").splitlines()
    kept = tree["requirements.txt"].decode().splitlines()
    pin = next(line for line in ours if line.startswith("gradio=="))
    assert [line for line in ours if line != pin] == kept
    card = SpaceCard(tree["README.md"].decode())
    assert (card.data.sdk, card.data.python_version) == ("gradio", "3.12")
    assert pin.split("==")[1].split()[0] == card.data.sdk_version
    assert card.data.app_file in tree


def test_two_versions_of_gradio_are_refused(clone: Path) -> None:
    readme = clone / "README.md"
    readme.write_text(readme.read_text().replace("sdk_version: ", "sdk_version: 1"))
    with pytest.raises(TrainError, match="sdk_version"):
        space_files(clone)


def test_a_second_deployment_changes_only_what_changed(
    hub: Hub, clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deploy(SPACE, clone)
    first = head(hub)
    assert first.files.keys() - {".gitattributes"} == space_files(clone).keys()
    hub.requests.clear()
    deploy(SPACE, clone)
    assert head(hub) == first and hub.written() == []
    said = capsys.readouterr().out.rpartition("Deployed")[2]
    assert "Nothing has changed" in said and "built now" not in said.partition("Nothing")[2]
    (clone / "app.py").write_text("# changed\n")
    (clone / "page" / "texts.py").unlink()
    (clone / "train" / "config.py").write_text("# no part of the Space\n")
    commit(clone, "a change")
    deploy(SPACE, clone)
    before, after = first.files, head(hub).files
    assert before.keys() - after.keys() == {"page/texts.py"}
    assert [path for path in after if after[path] != before[path]] == ["app.py"]
    assert head(hub).parent == first.sha
    assert not any(request.startswith("PUT") for request in hub.requests)


def test_what_does_not_belong_there_goes(hub: Hub, clone: Path) -> None:
    hub.add("space", SPACE.repo, {"train/fit.py": b"", "app.py": b"# the Hub's own example\n"})
    deploy(SPACE, clone)
    assert head(hub).files.keys() - {".gitattributes"} == space_files(clone).keys()
    assert ".gitattributes" in head(hub).files


def test_a_dry_run_of_a_private_space_does_nothing(
    hub: Hub, clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deploy(Target(SPACE.repo, "space", is_private=True), clone, is_dry_run=True)
    assert not hub.repositories and hub.written() == []
    assert f"would make the private space {SPACE.repo}" in capsys.readouterr().out


def test_a_dirty_work_tree_is_refused(hub: Hub, clone: Path) -> None:
    (clone / "app.py").write_text("# not committed\n")
    with pytest.raises(TrainError, match="not committed"):
        deploy(SPACE, clone)
    assert not hub.repositories


def test_an_account_without_a_plan_is_told(
    hub: Hub, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_free")
    with pytest.raises(TrainError, match="paid plan"):
        deploy(SPACE, clone)
    assert not hub.repositories


def test_a_token_that_may_not_write_there_is_said_with_what_this_command_can_do(
    hub: Hub, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy(SPACE, clone)
    (clone / "app.py").write_text("# changed\n")
    commit(clone, "a change")
    monkeypatch.setenv("HF_TOKEN", "hf_reader")
    with pytest.raises(TrainError, match="use one that may\\.$"):
        deploy(SPACE, clone)


def test_a_deployment_that_breaks_off_leaves_the_space_as_it_was(hub: Hub, clone: Path) -> None:
    deploy(SPACE, clone)
    first = head(hub)
    (clone / "app.py").write_text("# changed\n")
    commit(clone, "a change")
    hub.faults = [Fault("POST", "/commit/", 0)]
    with pytest.raises(TrainError, match="broke off"):
        deploy(SPACE, clone)
    assert head(hub) == first


def test_a_model_from_the_hub_takes_the_place_of_the_one_that_ships(hub: Hub, clone: Path) -> None:
    files = {name: (clone / MODEL / name).read_bytes() for name in ("model.json", "model.keras")}
    # The same model, described a little otherwise: nothing else tells them apart here.
    other = files["model.json"] + b"\n"
    published = hub.add("model", "owner/harf", {**files, "model.json": other}).head.sha
    deploy(SPACE, clone, HubName("owner/harf", published))
    there = head(hub).files
    assert there[f"{MODEL}/model.json"].data == other
    card = SpaceCard(there["README.md"].data.decode())
    ours = SpaceCard.load(clone / "README.md")
    assert card.data.to_dict() == {**ours.data.to_dict(), "models": ["owner/harf"]}
    assert card.text.strip() == ours.text.strip()


def test_a_model_that_is_not_there_is_not_deployed(hub: Hub, clone: Path) -> None:
    with pytest.raises(ModelError, match="no owner/harf"):
        deploy(SPACE, clone, HubName("owner/harf"))
    assert not hub.repositories
