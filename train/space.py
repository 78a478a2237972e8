"""The page as a Gradio Space: exactly what it needs, in one commit."""

import re
from pathlib import Path

from huggingface_hub import SpaceCard

from recognizer import Recognizer
from recognizer.hub import FILES, HubName, fetch

from . import hub
from .errors import TrainError
from .hub import State, Target, Tree

CODE = ("app.py", "page", "recognizer", "assets", "requirements.txt")
READ = ("README.md", "LICENSE", "SECURITY.md", "benchmarks/results.json")  # the first links them
NEEDED = CODE + READ
MODEL = "assets/model"
SHOWN = ("README.md", "metrics.json")  # the model's card and figures, at the foot of the page
KEPT = {".gitattributes"}  # the Hub's own


def deploy(
    target: Target, root: Path, model: HubName | None = None, *, is_dry_run: bool = False
) -> None:
    """Make a Space, or bring it up to date.

    Args:
        target: Where.
        root: The clone; nothing in it may be uncommitted.
        model: The model that answers there; None means the one that ships.
        is_dry_run: Only say what would be done.

    Raises:
        TrainError: If it is refused, or the Hub fails.
        ModelError: If the model cannot be fetched or is not sound.
    """
    code = hub.committed(root)
    tree = space_files(root, model)
    there = hub.look(target)
    removed = surplus(there, tree)
    if is_dry_run:
        return hub.explain(target, there, tree, removed)
    commit, _ = hub.push(target, there, tree, f"Harf, code {code[:12]}", removed)
    if commit == there.commit:
        print(f"Nothing has changed: commit {commit}")
    else:
        print(f"Deployed: commit {commit}")
        print(f"Space: {target.repo}; it is built now, which takes some minutes.")


def space_files(root: Path, model: HubName | None = None) -> Tree:
    """Everything that the Space needs, by path.

    Args:
        root: The clone.
        model: A model on the Hub, to go in the place of the one that ships: so the
            Space starts without a network, a token or a second commit.

    Raises:
        TrainError: If README and requirements want different versions of Gradio.
        ModelError: If the model cannot be fetched or is not sound.
    """
    tracked = hub.git(root, "ls-files", "-z", "--", *NEEDED).split("\0")
    tree = {path: (root / path).read_bytes() for path in tracked if path and _is_needed(path)}
    requirements = tree["requirements.txt"].decode()
    card = SpaceCard(tree["README.md"].decode())
    pin = re.search(r"^gradio==(\S+).*\n", requirements, re.MULTILINE)
    if not pin or pin[1] != card.data.sdk_version:
        raise TrainError(
            "README's sdk_version is not the gradio of requirements.txt: make them one."
        )
    # A Space installs sdk_version itself; a second pin would only get in its way.
    tree["requirements.txt"] = requirements.replace(pin[0], "").encode()
    if model:
        folder = fetch(model)  # once: a branch may stand for another model a moment later
        Recognizer.load(folder)
        tree |= {f"{MODEL}/{name}": (folder / name).read_bytes() for name in FILES}
        for name in SHOWN:  # they speak of ours
            tree.pop(f"{MODEL}/{name}", None)
        card.data.models = [model.repo]
        tree["README.md"] = str(card).encode()
    return tree


def _is_needed(path: str) -> bool:
    """Whether a file is for the page: a model's pictures are not."""
    folder, _, name = path.rpartition("/")
    return folder != MODEL or name in (*FILES, *SHOWN)


def surplus(there: State, tree: Tree) -> tuple[str, ...]:
    """The paths in a Space that do not belong there."""
    return tuple(sorted(there.files.keys() - tree.keys() - KEPT))
