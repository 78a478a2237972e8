"""The shipped model to the Hub, with its card, figures and pictures, in one commit."""

import hashlib
import json
from pathlib import Path
from typing import Any

from huggingface_hub import EvalResult, ModelCard, ModelCardData

from recognizer.model import read_card

from . import hub
from .errors import TrainError
from .hub import State, Target, Tree
from .report import Metrics, model_card, percent

ANEW = "run `python -m train evaluate` and commit what it writes"

# What is published of each test set: key in metrics.json (the dataset's config on the
# card, which tells sets of one dataset apart), dataset, name, split.
TEST_SETS = (
    ("ahcd_test", "ahcd", "AHCD", "test"),
    ("ahcd_test_redrawn", "ahcd", "AHCD, redrawn with any pen, size and place", "test"),
    ("held_out_writers", "ahcd", "AHCD, writers held out to choose weights by", "train"),
    ("newhands", "hmbd-v1", "HMBD-v1, letters by other people", "validation"),
)
NONLETTERS = ("nonletters", "synthetic", "Letters against what is no letter", "test")


def publish(
    target: Target, folder: Path, root: Path, *, is_dry_run: bool = False, is_forced: bool = False
) -> None:
    """Publish a model folder and print the line that loads it.

    Args:
        target: Where to.
        folder: The model folder, as `train evaluate` leaves it.
        root: The clone that it belongs to; nothing in it may be uncommitted.
        is_dry_run: Only say what would be done.
        is_forced: Publish also what scores below what is there, or was measured on less.

    Raises:
        TrainError: If it is refused, or the Hub fails.
        ModelError: If the model folder is not sound.
    """
    code = hub.committed(root)
    tree, metrics = release(folder, target.repo)
    there = hub.look(target)
    if not is_forced:
        refuse_worse(target, there, metrics)
    if is_dry_run:
        return hub.explain(target, there, tree)
    accuracy = percent(metrics["ahcd_test"]["accuracy"])
    message = f"Harf's model: {accuracy} % on the AHCD test set (code {code[:12]})"
    commit, pull = hub.push(target, there, tree, message)
    done = "Published"
    if commit == there.commit:
        done = "Already there" if there.has_branch else f"Made the branch {target.branch}"
    print(f"{done}: commit {commit}")
    if pull:
        print(f"Pull request: {pull}")
    print(f'Recognizer.load("hf://{target.repo}@{commit}")')


def release(folder: Path, repo: str) -> tuple[Tree, Metrics]:
    """Return the files to publish and the figures, once they agree with each other.

    Args:
        folder: The model folder.
        repo: OWNER/NAME, for the card's example.

    Raises:
        TrainError: If figures or card are missing, or about another model.
        ModelError: If model.json is not sound.
    """
    description = read_card(folder)
    try:
        network = (folder / "model.keras").read_bytes()
        metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
        card = (folder / "README.md").read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise TrainError(f"{folder.name} lacks the network, figures or card: {ANEW}.") from None
    # What was measured has been loaded; the same bytes need not be loaded again.
    digest = hashlib.sha256(network).hexdigest()
    if not digest == description.sha256 == metrics.get("sha256"):
        raise TrainError(f"metrics.json or model.json is about another model.keras: {ANEW}.")
    if card != model_card(folder, metrics):
        raise TrainError(f"The card does not say what metrics.json says: {ANEW}.")
    pictures = sorted(folder.glob("*.png"))
    tree = {name: (folder / name).read_bytes() for name in ("model.json", "metrics.json")}
    tree |= {picture.name: picture.read_bytes() for picture in pictures}
    names = [picture.name for picture in pictures]
    tree["README.md"] = hub_card(card, metrics, repo, names).encode()
    return {**tree, "model.keras": network}, metrics


def hub_card(card: str, metrics: Metrics, repo: str, pictures: list[str]) -> str:
    """The model card for the Hub: figures in its front matter, pictures at its end.

    Args:
        card: The card of the model folder.
        metrics: What was measured.
        repo: OWNER/NAME.
        pictures: Names of the pictures beside it.
    """
    plain = ModelCard(card)
    data = ModelCardData(
        **{
            **plain.data.to_dict(),
            "datasets": ["ahcd"],
            "metrics": ["accuracy"],
            "model_name": "Harf",
            "eval_results": figures(metrics),
        }
    )
    shown = "\n\n".join(
        f"![{Path(name).stem.replace('_', ' ')}]({name})"
        for name in pictures
        if f"]({name})" not in plain.text
    )
    load = (
        "## Load it\n\nFrom a clone of Harf's repository; in the place of `main` goes another "
        "branch, or a commit, which stays the same for ever.\n\n"
        "```python\nfrom recognizer import Recognizer\n\n"
        f'recognizer = Recognizer.load("hf://{repo}@main")\n```'
    )
    return f"---\n{data.to_yaml()}\n---\n\n{plain.text.strip()}\n\n{load}\n\n{shown}\n"


def figures(metrics: Metrics) -> list[EvalResult]:
    """Every headline figure for the card's model-index, as shares of 1."""
    measured = [
        (*where, figure, label, metrics[where[0]][figure])
        for where in TEST_SETS
        if where[0] in metrics
        for figure, label in (("accuracy", "Accuracy"), ("calibration_error", "ECE, 15 bins"))
        # The temperature was set on letters of these.
        if (where[0], figure) != ("held_out_writers", "calibration_error")
    ]
    auroc = metrics["nonletters"]["auroc"]
    measured.append((*NONLETTERS, "auroc", "AUROC", auroc))
    return [
        EvalResult(
            task_type="image-classification",
            dataset_config=config,
            dataset_type=kind,
            dataset_name=name,
            dataset_split=split,
            metric_type=figure,
            metric_name=label,
            metric_value=value,
        )
        for config, kind, name, split, figure, label, value in measured
    ]


def refuse_worse(target: Target, there: State, metrics: Metrics) -> None:
    """Refuse a model that reads less on any test set than the one there, or is not measured on it.

    Raises:
        TrainError: If it does or is not, or if what is there cannot be compared.
    """
    if "metrics.json" not in there.files:
        return
    try:
        old: dict[str, Any] = json.loads(hub.read(target, there, "metrics.json"))
        pairs = {
            name: (float(old[key]["accuracy"]), float(metrics[key]["accuracy"]))
            for key, _, name, _ in TEST_SETS
            if key in old and key in metrics
        }
        if not pairs:
            raise KeyError
        missing = [name for key, _, name, _ in TEST_SETS if key in old and key not in metrics]
    except (ValueError, TypeError, KeyError):
        raise TrainError(f"The metrics.json in {target.repo} cannot be read: --force.") from None
    # Else the figure on which it would be refused could simply be left out.
    if missing:
        raise TrainError(
            f"The model in {target.repo} has a figure that this one lacks: there is no figure on "
            f"{'; '.join(missing)}. Measure it with `python -m train evaluate`, or --force."
        )
    worse = [
        f"{percent(new)} % after {percent(before)} % on {name}"
        for name, (before, new) in pairs.items()
        if new < before
    ]
    if worse:
        raise TrainError(
            f"The model scores below the one in {target.repo} ({'; '.join(worse)}): "
            "nothing was published; --force publishes it all the same."
        )
