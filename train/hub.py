"""Writing to the Hub: one commit or none, and one sentence for each failure.

The token comes from the Hub's own login or from HF_TOKEN; only the Hub's client sees
it, and no sentence here repeats what an error carries.
"""

import hashlib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationDelete,
    HfApi,
    hf_hub_download,
    snapshot_download,
)
from huggingface_hub.errors import (
    HfHubHTTPError,
    LocalTokenNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import httpx

from recognizer.hub import HubName

from .errors import TrainError

Tree = dict[str, bytes]  # contents by path

_TOKEN = "log in with `hf auth login`, or set HF_TOKEN to a token that may write"
_AGAIN = "run the command again; what is published is there as a whole or not at all"


@dataclass(frozen=True)
class Target:
    """Where something goes.

    Attributes:
        repo: OWNER/NAME; hf:// may stand before it when it is made.
        kind: "model", "dataset" or "space".
        is_private: Whether a repository that has to be made is hidden from others.
        branch: None means the main one.
        is_pull: Whether it is proposed as a pull request only.
    """

    repo: str
    kind: str = "model"
    is_private: bool = False
    branch: str | None = None
    is_pull: bool = False

    def __post_init__(self) -> None:
        """Refuse what the Hub would refuse later.

        Raises:
            ModelError: If the name or the branch cannot be one.
        """
        name = HubName.parse(self.repo)
        if name.revision:
            raise TrainError(f"{self.repo}: give the branch with --revision, not in the name.")
        HubName.parse(f"{name.repo}@{self.branch or 'main'}")
        object.__setattr__(self, "repo", name.repo)  # without hf://


@dataclass(frozen=True)
class State:
    """What is there.

    Attributes:
        commit: The newest one; None where there is no such repository.
        files: Git's hash, or SHA-256 for a large file, by path.
        has_branch: Whether the branch is there already.
    """

    commit: str | None
    files: dict[str, str]
    has_branch: bool = True

    def changed(self, tree: Tree) -> list[str]:
        """The paths of a tree that are not there as they are."""
        return sorted(path for path, data in tree.items() if self.files.get(path) not in _ids(data))


def look(target: Target) -> State:
    """See what is there.

    Raises:
        TrainError: If the Hub does not say.
    """
    with _in_plain_words(target):
        try:
            return _state(target, target.branch)
        except RepositoryNotFoundError:
            return State(None, {})
        except RevisionNotFoundError:
            main = _state(target, None)
            return State(main.commit, main.files, has_branch=False)


def _state(target: Target, revision: str | None) -> State:
    info = HfApi().repo_info(
        target.repo, repo_type=target.kind, revision=revision, files_metadata=True
    )
    files = {f.rfilename: f.lfs.sha256 if f.lfs else f.blob_id for f in info.siblings or []}
    return State(info.sha, files)


def read(target: Target, state: State, path: str) -> bytes:
    """Read a file that is there.

    Raises:
        TrainError: If the Hub does not give it.
    """
    with _in_plain_words(target):
        file = hf_hub_download(target.repo, path, repo_type=target.kind, revision=state.commit)
    return Path(file).read_bytes()


def fetch_dataset(name: HubName, patterns: tuple[str, ...]) -> Path:
    """Bring the files of a data set here and return their folder; print their commit.

    Args:
        name: Which, and of which revision.
        patterns: Which of its files.

    Raises:
        TrainError: If the Hub does not give them.
    """
    with _in_plain_words(Target(name.repo, "dataset")):
        # Asked first: out of reach, the download would take what was fetched some other day,
        # and letters that were taken back since would be trained on.
        info = HfApi().repo_info(name.repo, repo_type="dataset", revision=name.revision)
        folder = snapshot_download(
            name.repo, repo_type="dataset", revision=info.sha, allow_patterns=list(patterns)
        )
    print(f"feedback: {HubName(name.repo, info.sha)}")
    return Path(folder)


def push(
    target: Target, state: State, tree: Tree, message: str, removed: tuple[str, ...] = ()
) -> tuple[str, str | None]:
    """Publish what has changed, in one commit.

    Args:
        target: Where; made if it is not there.
        state: What `look` found; if it has changed since, nothing is published.
        tree: What shall be there.
        message: What the commit is called.
        removed: Paths that shall no longer be there.

    Returns:
        The commit, an earlier one if nothing has changed, and the address of the pull
        request, if there is one.

    Raises:
        TrainError: If it cannot be published.
    """
    changed = state.changed(tree)
    is_same = not changed and not removed
    if state.commit and is_same and state.has_branch:
        return state.commit, None
    with _in_plain_words(target):
        api = HfApi()
        api.whoami()  # a wrong token is said before anything is made
        parent = state.commit
        if not parent:
            _make(api, target)
        elif not state.has_branch:
            branch = str(target.branch)
            api.create_branch(target.repo, branch=branch, revision=parent, repo_type=target.kind)
            if is_same:
                return str(parent), None
        commit = api.create_commit(
            target.repo,
            [
                *(CommitOperationAdd(path, tree[path]) for path in changed),
                *(CommitOperationDelete(path) for path in removed),
            ],
            commit_message=message,
            repo_type=target.kind,
            revision=target.branch,
            create_pr=target.is_pull,
            parent_commit=parent,
        )
    return commit.oid, commit.pr_url


def explain(target: Target, state: State, tree: Tree, removed: tuple[str, ...] = ()) -> None:
    """Print what `push` would do."""
    if not state.commit:
        print(f"would make the {'private ' * target.is_private}{target.kind} {target.repo}")
    elif not state.has_branch:
        print(f"would make the branch {target.branch}")
    changed = state.changed(tree)
    for path in changed:
        print(f"would upload {path} ({len(tree[path]):,} bytes)")
    for path in removed:
        print(f"would remove {path}")
    print(f"{len(tree) - len(changed)} of {len(tree)} files are there as they are")


def _make(api: HfApi, target: Target) -> None:
    sdk = "gradio" if target.kind == "space" else None
    api.create_repo(
        target.repo, repo_type=target.kind, private=target.is_private or None, space_sdk=sdk
    )
    if target.branch:
        api.create_branch(target.repo, branch=target.branch, repo_type=target.kind, exist_ok=True)


def committed(root: Path) -> str:
    """Return the commit of a clone in which nothing is changed.

    Raises:
        TrainError: If something is changed, or it is no clone.
    """
    changes = git(root, "status", "--porcelain").splitlines()
    if changes:
        raise TrainError(
            f"The work tree has {len(changes)} changes that are not committed "
            f"({changes[0][3:]}): commit or stash them first."
        )
    return git(root, "rev-parse", "HEAD").strip()


def git(root: Path, *command: str) -> str:
    """Run git in a clone and return what it prints.

    Raises:
        TrainError: If it fails.
    """
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *command], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        raise TrainError("This is no git clone: publish from a clone of the repository.") from None
    return done.stdout


def _ids(data: bytes) -> tuple[str, str]:
    """How the Hub names contents: git's hash, or SHA-256 when they are large."""
    blob = b"blob %d\0" % len(data) + data
    return hashlib.sha1(blob).hexdigest(), hashlib.sha256(data).hexdigest()


@contextmanager
def _in_plain_words(target: Target) -> Iterator[None]:
    try:
        yield
    except LocalTokenNotFoundError:
        raise TrainError(f"The Hub does not know who you are: {_TOKEN}.") from None
    except (httpx.HTTPError, OSError, RuntimeError, ValueError) as error:
        # An upload wraps its reason.
        cause = error.__cause__ if isinstance(error, RuntimeError) else error
        raise TrainError(_sentence(cause, target)) from None


def _sentence(error: BaseException | None, target: Target) -> str:
    """Say what happened and what to do; never in the error's words, which show addresses."""
    if not isinstance(error, HfHubHTTPError):
        if isinstance(error, ValueError):
            return "The Hub refuses the card's front matter: nothing was published."
        return f"The connection to the Hub broke off: {_AGAIN}."
    # Whoever is not logged in is told 401 of a repository that is not there.
    is_unseen = isinstance(error, RepositoryNotFoundError)
    status = 404 if is_unseen else error.response.status_code
    request = ", or --create-pr" if target.kind == "model" else ""
    known = {
        401: f"The Hub does not accept your token: {_TOKEN}.",
        402: "The Hub hosts a Gradio Space for accounts with a paid plan only: see README.",
        403: f"Your token may not write to {target.repo}: use one that may{request}.",
        404: f"{target.repo} is not there, or you may not see it: check the name and the token.",
        409: f"{target.repo} is taken, by something that you may not see: choose another name.",
        412: f"Somebody else has changed {target.repo} meanwhile: look at it, then run it again.",
        429: "The Hub asks you to slow down: wait some minutes, then run the command again.",
    }
    return known.get(status, f"The Hub has a trouble of its own ({status}): {_AGAIN}.")
