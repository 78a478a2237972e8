"""What the Hub stand-in keeps: repositories, their commits and branches, large files, accounts."""

import hashlib
import json
from dataclasses import dataclass, field


@dataclass(frozen=True)
class File:
    """A file of a commit; a large one is kept outside git and known by its SHA-256."""

    data: bytes
    is_large: bool

    @property
    def oid(self) -> str:
        """As the Hub compares files: SHA-256 of a large file, git's own hash of another."""
        if self.is_large:
            return hashlib.sha256(self.data).hexdigest()
        return hashlib.sha1(b"blob %d\0" % len(self.data) + self.data).hexdigest()


Files = dict[str, File]


@dataclass(frozen=True)
class Commit:
    sha: str
    files: Files
    message: str
    parent: str | None


@dataclass(frozen=True)
class Account:
    name: str
    may_write: bool = True
    has_plan: bool = True  # without one it may not make a Gradio Space


@dataclass
class Repository:
    """Branches and pull requests point to commits, `main` from the beginning."""

    kind: str
    name: str
    is_private: bool = False
    is_gated: bool = False
    commits: dict[str, Commit] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        attributes = File(b"*.keras filter=lfs\n", is_large=False)
        self.commit("main", {".gitattributes": attributes}, "initial commit")

    def at(self, revision: str) -> Commit | None:
        """The commit that a branch, pull request, hash or beginning of a hash means."""
        if revision in self.refs:
            return self.commits[self.refs[revision]]
        hashes = [sha for sha in self.commits if len(revision) >= 7 and sha.startswith(revision)]
        return self.commits[hashes[0]] if len(hashes) == 1 else None

    def commit(self, ref: str, files: Files, message: str, parent: str | None = None) -> Commit:
        tree = {path: file.oid for path, file in sorted(files.items())}
        what = json.dumps([self.kind, self.name, tree, message, parent, len(self.commits)])
        commit = Commit(hashlib.sha1(what.encode()).hexdigest(), files, message, parent)
        self.commits[commit.sha] = commit
        self.refs[ref] = commit.sha
        return commit

    @property
    def head(self) -> Commit:
        return self.commits[self.refs["main"]]


@dataclass
class Fault:
    """Something that goes wrong with matching requests.

    Attributes:
        method: GET, HEAD, POST, PUT; or a part of it, or "" for all.
        path: A part of the request's path.
        status: Answered instead of the truth; 0 cuts the connection in the middle.
        times: How often it still happens.
    """

    method: str
    path: str
    status: int
    times: int = 1_000_000

    def strikes(self, method: str, path: str) -> bool:
        if not self.times or self.method not in method or self.path not in path:
            return False
        self.times -= 1
        return True
