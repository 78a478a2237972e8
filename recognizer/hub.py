"""A model on the Hugging Face Hub: ``hf://OWNER/NAME`` or ``hf://OWNER/NAME@REVISION``.

A revision is a commit, a branch or a tag. Only a commit names the same model for
ever; what anything else stands for is asked anew each time, and said. What was
fetched once lies in the Hub's own cache and needs no network again.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from .aside import say
from .errors import ModelError

SCHEME = "hf://"
FILES = ("model.json", "model.keras")
PATIENCE = 10.0  # seconds until the Hub counts as out of reach

_LOG_IN = "log in with `hf auth login` or set HF_TOKEN"
_OURS = "use the model that comes with Harf, with HARF_MODEL unset."
_NAME = re.compile(
    r"(?P<repo>[a-z0-9]([\w.-]{0,94}\w)?/[a-z0-9]([\w.-]{0,94}\w)?)(@(?P<revision>\w[\w./-]{0,199}))?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True)
class HubName:
    """What a repository is called, and which state of it is meant.

    Attributes:
        repo: OWNER/NAME.
        revision: A commit, branch or tag; None means the newest.
    """

    repo: str
    revision: str | None = None

    @classmethod
    def parse(cls, text: str) -> "HubName":
        """Read OWNER/NAME or OWNER/NAME@REVISION, with hf:// before it or not.

        Raises:
            ModelError: If it is neither.
        """
        found = _NAME.fullmatch(text.removeprefix(SCHEME))
        # Both parts become folders of the cache: nothing may lead out of it. The Hub
        # itself allows neither of these.
        if not found or re.search(r"\.\.|--|//|/\.|/$|\.git$", text.removeprefix(SCHEME)):
            raise ModelError(f"{text!r} is no name on the Hub: write hf://OWNER/NAME@REVISION.")
        return cls(found["repo"], found["revision"])

    def __str__(self) -> str:
        """The name as `Recognizer.load` takes it."""
        return SCHEME + self.repo + (f"@{self.revision}" if self.revision else "")

    @property
    def is_pinned(self) -> bool:
        """Whether the revision is a whole commit hash, which never means anything else."""
        return re.fullmatch(r"[0-9a-f]{40}", self.revision or "") is not None

    @property
    def repair(self) -> str:
        """What to do when the model under this name is of no use."""
        return f"take another revision of {SCHEME}{self.repo}, or {_OURS}"


def fetch(name: HubName) -> Path:
    """Bring a model here, if it is not here yet.

    Args:
        name: Which; one that is not pinned is resolved, and its commit printed on stderr.

    Returns:
        A folder with both files of the model, of the same commit. Whether they are
        sound, the loader says.

    Raises:
        ModelError: If the name is wrong, access is refused, or the Hub is out of reach
            and nothing was fetched before.
    """
    folder = _cached(name) if name.is_pinned else None
    folder = folder or _download(name)
    if not _is_whole(folder):
        # Half written when a disk was full, or altered since: once more, from the Hub.
        folder = _download(name, is_again=True)
    if not name.is_pinned:
        commit = folder.name
        say(f"{name} is {SCHEME}{name.repo}@{commit}: write that to load just this one.")
    return folder


def _cached(name: HubName) -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    found = [try_to_load_from_cache(name.repo, file, revision=name.revision) for file in FILES]
    paths = [Path(path) for path in found if isinstance(path, str)]
    return paths[0].parent if len(paths) == len(FILES) else None


def _download(name: HubName, *, is_again: bool = False) -> Path:
    # A tenth of a second, and only for those who load from the Hub.
    from huggingface_hub import errors
    from huggingface_hub.utils import httpx  # type: ignore[attr-defined]  # meant for us

    try:
        return _ask_hub(name, is_again=is_again)
    except errors.GatedRepoError:
        raise ModelError(
            f"{name.repo} is given on request only: ask for it on its page, then {_LOG_IN}."
        ) from None
    except errors.RepositoryNotFoundError:
        raise ModelError(
            f"There is no {name.repo} on the Hub that you may see: check the name or, "
            f"if it is private, {_LOG_IN}."
        ) from None
    except errors.RevisionNotFoundError:
        raise ModelError(
            f"{name.repo} has no revision {name.revision}: name a commit, branch or tag, "
            "or none for the newest."
        ) from None
    except errors.RemoteEntryNotFoundError:
        raise ModelError(f"{name} is not a model of Harf: {name.repair}") from None
    # The last two are what its downloads raise when the storage behind the Hub fails.
    except (httpx.HTTPError, OSError, RuntimeError, ValueError) as error:
        return _after(error, name, is_again=is_again)


def _ask_hub(name: HubName, *, is_again: bool) -> Path:
    from huggingface_hub import HfApi, hf_hub_download

    # Asked first because it fails at once: a download tries for half a minute to
    # reach a Hub that is not there.
    newest = HfApi().model_info(name.repo, revision=name.revision, timeout=PATIENCE).sha
    paths = [
        hf_hub_download(name.repo, file, revision=newest, force_download=is_again) for file in FILES
    ]
    if not name.is_pinned:
        # The cache notes what a branch stands for only where it is asked for by name;
        # last, so that it never notes a commit that is not here as a whole.
        hf_hub_download(name.repo, FILES[0], revision=name.revision)
    return Path(paths[0]).parent


def _after(error: Exception, name: HubName, *, is_again: bool) -> Path:
    """Take what was fetched before when the Hub is out of reach."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status in (401, 403):
        raise ModelError(
            f"The Hub refuses you {name.repo}: {_LOG_IN}, with a token that may read it."
        ) from None
    folder = None if is_again else _cached(name)
    if folder is None:
        raise ModelError(
            f"The Hub is out of reach and no whole copy of {name} is here: "
            f"check the connection and try again, or {_OURS}"
        ) from None
    say(f"The Hub is out of reach: {name} is taken as it was fetched before.")
    return folder


def _is_whole(folder: Path) -> bool:
    """Whether the network is the file that the description means."""
    try:
        description = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        digest = hashlib.sha256((folder / "model.keras").read_bytes()).hexdigest()
        return bool(description["sha256"] == digest)
    except (OSError, ValueError, KeyError, TypeError):
        return False
