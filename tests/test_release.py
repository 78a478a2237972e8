"""The model goes to the Hub in one commit or not at all, and comes back by name."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from huggingface_hub import ModelCard

from recognizer import Recognizer
from tests.clone import MODEL, commit, figures, git, make_clone, write_figures
from tests.hand import by_hand
from tests.hub_server import Hub
from tests.hub_state import Commit, Fault
from train.errors import TrainError
from train.hub import Target, look, push
from train.release import publish

NAME = "owner/harf"
PICTURES = {"confusion_matrix.png", "errors.png", "learning_curve.png", "robustness.png"}
PUBLISHED = PICTURES | {"README.md", "metrics.json", "model.json", "model.keras"}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return make_clone(tmp_path / "clone")


@pytest.fixture(autouse=True)
def logged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_writer")


def to_hub(clone: Path, target: Target | None = None, **settings: bool) -> None:
    publish(target or Target(NAME), clone / MODEL, clone, **settings)


def head(hub: Hub) -> Commit:
    return hub.repositories["model", NAME].head


def refusal(hub: Hub, clone: Path, target: Target | None = None) -> str:
    """The one sentence of a refusal, after which nothing is published."""
    before = {key: dict(repo.refs) for key, repo in hub.repositories.items()}
    with pytest.raises(TrainError) as refused:
        to_hub(clone, target)
    sentence = str(refused.value)
    assert sentence.endswith(".") and "\n" not in sentence and "hf_" not in sentence
    for key, repository in hub.repositories.items():
        if key in before:
            assert repository.refs == before[key]
        else:
            assert repository.head.parent is None
    return sentence


def test_one_commit_holds_everything_and_is_loaded_by_the_line_printed(
    hub: Hub, clone: Path, recognizer: Recognizer, capsys: pytest.CaptureFixture[str]
) -> None:
    to_hub(clone)
    assert head(hub).files.keys() - {".gitattributes"} == PUBLISHED
    assert head(hub).files["model.keras"].is_large
    assert head(hub).parent is not None and len(hub.repositories["model", NAME].commits) == 2
    printed = capsys.readouterr().out
    assert f"commit {head(hub).sha}" in printed
    line = f'Recognizer.load("hf://{NAME}@{head(hub).sha}")'
    assert printed.splitlines()[-1] == line
    strokes = by_hand("س")
    loaded = eval(line, {"Recognizer": Recognizer})
    assert loaded.recognize_strokes(strokes) == recognizer.recognize_strokes(strokes)


def test_the_card_carries_every_headline_figure(hub: Hub, clone: Path) -> None:
    metrics = figures(newhands=0.88)
    write_figures(clone / MODEL, metrics)
    commit(clone, "newer figures")
    to_hub(clone)
    card = ModelCard.load(NAME)
    data = card.data
    assert (data.language, data.license, data.library_name) == ("ar", "mit", "keras")
    assert data.pipeline_tag == "image-classification" and data.datasets == ["ahcd"]
    shown = {(r.dataset_name, r.metric_type): r.metric_value for r in data.eval_results}
    assert shown["AHCD", "accuracy"] == metrics["ahcd_test"]["accuracy"]
    assert shown["HMBD-v1, letters by other people", "accuracy"] == 0.88
    assert len(shown) == 4 * 2  # the writers held out set the temperature: no error of it
    assert "## Accuracy" in card.text
    pictures = [name for name in head(hub).files if name.endswith(".png")]
    assert len(pictures) == 4 and all(card.text.count(f"({name})") == 1 for name in pictures)
    assert card.text.count("---\n\n# Harf") <= 1


def test_a_second_time_there_is_nothing_to_publish(
    hub: Hub, clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to_hub(clone)
    first = head(hub)
    hub.requests.clear()
    to_hub(clone)
    assert head(hub) == first and hub.written() == []
    assert f"Already there: commit {first.sha}" in capsys.readouterr().out


def test_a_dry_run_says_what_it_would_do_and_does_nothing(
    hub: Hub, clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to_hub(clone, Target(NAME, is_private=True), is_dry_run=True)
    assert hub.written() == [] and not hub.repositories
    printed = capsys.readouterr().out
    assert f"would make the private model {NAME}" in printed
    assert "would upload model.keras" in printed


def test_a_new_repository_is_private_if_asked(hub: Hub, clone: Path) -> None:
    to_hub(clone, Target(NAME, is_private=True))
    assert hub.repositories["model", NAME].is_private


def test_a_branch_is_made_and_the_main_one_left_alone(hub: Hub, clone: Path) -> None:
    repository = hub.add("model", NAME, {"notes.txt": b"ours"})
    before = head(hub)
    to_hub(clone, Target(NAME, branch="trial"))
    assert head(hub) == before
    assert repository.at("trial").files.keys() >= PUBLISHED | {"notes.txt"}
    to_hub(clone, Target("owner/other", branch="trial"))
    other = hub.repositories["model", "owner/other"]
    assert "model.keras" in other.at("trial").files and other.head.parent is None


def test_a_branch_is_made_also_of_what_the_main_one_has(
    hub: Hub, clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to_hub(clone)
    before = head(hub)
    capsys.readouterr()
    to_hub(clone, Target(NAME, branch="v1"))
    assert hub.repositories["model", NAME].at("v1") == before == head(hub)
    assert f"Made the branch v1: commit {before.sha}" in capsys.readouterr().out
    hub.requests.clear()
    to_hub(clone, Target(NAME, branch="v1"))
    assert hub.written() == [] and "Already there" in capsys.readouterr().out


def test_a_stranger_proposes_a_pull_request(
    hub: Hub, clone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = hub.add("model", NAME, {"notes.txt": b"ours"})
    before = head(hub)
    monkeypatch.setenv("HF_TOKEN", "hf_stranger")
    assert "may not write" in refusal(hub, clone)
    to_hub(clone, Target(NAME, is_pull=True))
    assert head(hub) == before
    assert "model.keras" in repository.at("refs/pr/1").files
    assert "discussions/1" in capsys.readouterr().out


def test_a_model_that_scores_below_is_refused_unless_forced(hub: Hub, clone: Path) -> None:
    better = json.dumps(figures(held_out_writers=0.99)).encode()
    hub.add("model", NAME, {"metrics.json": better})
    sentence = refusal(hub, clone)
    assert "97.00 % after 99.00 % on AHCD, writers held out" in sentence
    to_hub(clone, is_forced=True)
    assert "model.keras" in head(hub).files


def test_a_figure_that_is_left_out_is_not_passed_over(hub: Hub, clone: Path) -> None:
    hub.add("model", NAME, {"metrics.json": json.dumps(figures(newhands=0.95)).encode()})
    sentence = refusal(hub, clone)
    assert "no figure on HMBD-v1, letters by other people" in sentence and "--force" in sentence
    to_hub(clone, is_forced=True)
    assert "model.keras" in head(hub).files


def test_what_is_there_and_cannot_be_compared_is_not_overwritten(hub: Hub, clone: Path) -> None:
    hub.add("model", NAME, {"metrics.json": b"[]"})
    assert "cannot be read" in refusal(hub, clone)


def test_a_dirty_work_tree_is_refused(hub: Hub, clone: Path) -> None:
    (clone / "forgotten.txt").write_text("?")
    assert "not committed (forgotten.txt)" in refusal(hub, clone)
    assert hub.requests == []


def test_collected_corrections_are_no_change_to_commit(hub: Hub, clone: Path) -> None:
    (clone / "feedback" / "pictures").mkdir(parents=True)  # as README's own command makes it
    (clone / "feedback" / "corrections-1.jsonl").write_text("{}")
    to_hub(clone)
    assert head(hub).files.keys() >= PUBLISHED
    assert "assets/feedback/README.md" in git(clone, "ls-files")


def test_what_is_no_clone_is_refused(
    hub: Hub, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (clone / ".git").rename(clone / "git")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(clone.parent))
    assert "no git clone" in refusal(hub, clone)


def test_a_card_that_disagrees_with_the_figures_is_refused(hub: Hub, clone: Path) -> None:
    (clone / MODEL / "metrics.json").write_text(json.dumps(figures(ahcd_test=0.995)))
    commit(clone, "only the figures")
    assert "does not say what metrics.json says" in refusal(hub, clone)


def test_figures_of_another_file_are_refused(hub: Hub, clone: Path) -> None:
    write_figures(clone / MODEL, {**figures(), "sha256": "0" * 64})
    commit(clone, "others")
    assert "about another model.keras" in refusal(hub, clone)
    (clone / MODEL / "metrics.json").unlink()
    commit(clone, "none")
    assert "train evaluate" in refusal(hub, clone)


@pytest.mark.parametrize(
    ("token", "says"),
    [
        ("", "does not know who you are"),
        ("hf_expired", "does not accept your token"),
        ("hf_reader", "may not write to owner/harf: use one that may, or --create-pr."),
        ("hf_stranger", "may not write to owner/harf"),
    ],
)
def test_a_token_that_does_not_do_is_said(
    hub: Hub, clone: Path, monkeypatch: pytest.MonkeyPatch, token: str, says: str
) -> None:
    monkeypatch.setenv("HF_TOKEN", token)
    assert says in refusal(hub, clone)


def test_a_name_taken_by_something_unseen_is_said(hub: Hub, clone: Path) -> None:
    hub.faults = [Fault("POST", "/api/repos/create", 409)]
    assert "is taken" in refusal(hub, clone)


@pytest.mark.parametrize(
    ("status", "says"),
    [(429, "slow down"), (500, "trouble of its own (500)"), (0, "broke off")],
)
@pytest.mark.parametrize("path", ["/api/whoami-v2", "/commit/", "/lfs/", "/api/models/"])
def test_whatever_fails_on_the_way_publishes_nothing(
    hub: Hub,
    clone: Path,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    status: int,
    says: str,
) -> None:
    hub.add("model", NAME, {"notes.txt": b"ours"})
    monkeypatch.setattr(time, "sleep", lambda seconds: None)  # the client waits between its tries
    hub.faults = [Fault("", path, status)]
    assert says in refusal(hub, clone)
    hub.faults = []
    to_hub(clone)
    assert head(hub).files.keys() >= PUBLISHED


def test_an_upload_that_is_cut_once_goes_through(
    hub: Hub, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    hub.faults = [Fault("PUT", "/lfs/", 0, times=1)]
    to_hub(clone)
    assert head(hub).files["model.keras"].data == (clone / MODEL / "model.keras").read_bytes()


def test_a_change_by_somebody_else_meanwhile_is_not_overwritten(hub: Hub) -> None:
    repository = hub.add("model", NAME, {"notes.txt": b"ours"})
    seen = look(Target(NAME))
    theirs = hub.push(repository, {"notes.txt": b"theirs"})
    with pytest.raises(TrainError, match="Somebody else has changed"):
        push(Target(NAME), seen, {"notes.txt": b"mine"}, "mine")
    assert head(hub).sha == theirs


def test_the_token_is_never_shown_nor_kept(
    hub: Hub, clone: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        to_hub(clone)
    output = capfd.readouterr()
    assert "Bearer hf_writer" in hub.secrets
    assert "hf_writer" not in output.out + output.err + caplog.text
    assert git(clone, "status", "--porcelain") == ""
    home = Path(os.environ["HF_HOME"])
    kept = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    assert not any(b"hf_writer" in content for content in kept)


def test_the_command_publishes_from_a_clone(hub: Hub, clone: Path) -> None:
    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "train", "publish", "--repo-id", NAME, *arguments],
            cwd=clone,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )

    dry = command("--dry-run", "--create-pr")
    assert dry.returncode == 0 and "would upload" in dry.stdout, dry.stderr
    assert command("--create-pr", "--revision", "x").returncode == 2
    done = command("--private")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f'Recognizer.load("hf://{NAME}@{head(hub).sha}")'
    wrong = command("--revision", "../x")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "is no name on the Hub" in wrong.stderr
