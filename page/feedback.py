"""Corrections that visitors gave: kept in a folder, and sent to a data set on the Hub.

Their form is described in ``assets/feedback/README.md``, the data set's card. A letter is
kept so that neither a crash nor a full disk leaves a line without its picture or spoils
another line: the picture first, then one line in one write; after a write that failed,
and with each start, a file of its own.
"""

import json
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from recognizer import LETTERS, ModelError, Prediction, StrokesError
from recognizer.hub import PATIENCE, HubName
from recognizer.picture import to_png
from recognizer.strokes import SURFACE, Strokes

from . import assets

# The Hub's client takes a quarter of a second: only where something is sent to it.
if TYPE_CHECKING:
    from huggingface_hub import CommitScheduler

FOLDER: Final = "HARF_FEEDBACK_DIR"
REPO: Final = "HARF_FEEDBACK_REPO"
CARD: Final = assets.ASSETS / "feedback" / "README.md"

SILENCE: Final = 20.0  # seconds until the Hub counts as gone in the middle of a question
NUMBERS: Final = 8000  # x and y of a drawing that is kept; a letter has some hundred
A_MINUTE: Final = 60  # letters of all visitors together: nobody shall fill the disk
SHARES: Final = 3  # so many addresses it takes to give all of them; a class may be behind one
BYTES: Final = 64 * 2**20  # of lines in a folder; with their pictures about twice that


class FullError(Exception):
    """No further correction is kept, for now or at all."""


class Keeper:
    """Keeps corrections in a folder. One instance may serve many threads."""

    def __init__(
        self,
        folder: Path,
        *,
        goes: bool = False,
        a_minute: int = A_MINUTE,
        bytes_: int = BYTES,
    ) -> None:
        """Begin a run: a start of the page, whose files nobody else writes.

        Args:
            folder: Where; it is made if it is not there.
            goes: Whether it goes with the page.
            a_minute: How many letters a minute are kept.
            bytes_: How many bytes of lines the folder may hold.

        Raises:
            OSError: If it cannot be written to.
        """
        self.folder = folder
        self._pictures = folder / "pictures"
        self._pictures.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=self._pictures):
            pass  # a folder that cannot be written to is better found now than by a visitor
        self.run = secrets.token_hex(4)
        self._lines = folder / f"corrections-{self.run}.jsonl"
        self._room = bytes_ - sum(file.stat().st_size for file in folder.glob("corrections*.jsonl"))
        self._a_minute = a_minute
        self._minute = 0
        self._in_minute: Counter[str] = Counter()  # of each giver
        self._count = 0
        self._told: set[str] = set()
        self._goes = goes
        self._is_over = False
        self._lock: AbstractContextManager[Any] = Lock()
        self.scheduler: CommitScheduler | None = None

    def send_to(self, repo: str) -> None:
        """Send what this run keeps to a data set on the Hub, every few minutes and at the end.

        Only what this run keeps: a letter that was taken back there shall not return.

        Args:
            repo: OWNER/NAME; it is made, public, with its card, if it is not there.

        Raises:
            OSError: If the Hub refuses.
            HTTPError: If it is out of reach.
        """
        from huggingface_hub import CommitScheduler, HfApi, set_client_factory
        from huggingface_hub.errors import RepositoryNotFoundError

        set_client_factory(_impatient_client)
        api = HfApi()
        with suppress(RepositoryNotFoundError):  # a Hub that is silent must not stop the page
            api.repo_info(repo, repo_type="dataset", timeout=PATIENCE)
        api.create_repo(repo, repo_type="dataset", exist_ok=True)
        if not api.file_exists(repo, "README.md", repo_type="dataset"):
            api.upload_file(
                path_or_fileobj=CARD, path_in_repo="README.md", repo_id=repo, repo_type="dataset"
            )
        own = [f"corrections-{self.run}*.jsonl", f"pictures/{self.run}-*.png"]
        self.scheduler = CommitScheduler(
            repo_id=repo, repo_type="dataset", folder_path=self.folder, allow_patterns=own
        )
        self._lock = self.scheduler.lock

    def address(self) -> str | None:
        """Return where everybody can see what is sent, and ask for it to be removed."""
        if not self.scheduler:
            return None
        return f"{self.scheduler.api.endpoint}/datasets/{self.scheduler.repo_id}"

    def leave(self) -> None:
        """Keep nothing more and send what is not sent yet, or say where it stays.

        While the page ends, not once Python does: the Hub's client sends in threads, which
        cannot be started any more by then.
        """
        with self._lock:
            self._is_over = True
        if self.scheduler:
            try:
                self.scheduler.trigger().result()
            except Exception:  # whatever keeps them here, their owner has to know where
                _say(f"The Hub did not take the last corrections: they stay in {self.folder}.")
                return
            finally:
                self.scheduler.stop()  # or it would try once more in vain
        if self._goes:
            shutil.rmtree(self.folder, ignore_errors=True)

    def keep(
        self, prediction: Prediction, correction: str, strokes: Strokes | None, giver: str = ""
    ) -> str:
        """Keep a letter that somebody agreed to give.

        Args:
            prediction: What it was read as.
            correction: The letter that it is.
            strokes: What the pen left, checked; None for a picture.
            giver: The address that it came from, which is not kept; empty if that is unknown.

        Returns:
            Its id.

        Raises:
            StrokesError: If the drawing is too long for a letter.
            FullError: If enough was kept for now.
            OSError: If the disk fails.
        """
        if strokes and sum(map(len, strokes)) > NUMBERS:
            raise StrokesError("The drawing is too long to be kept.")
        try:
            return self._keep(prediction, correction, strokes, giver)
        except (FullError, OSError) as error:
            cause = str(getattr(error, "errno", None) or error)
            if cause not in self._told:  # strangers shall not fill the log
                self._told.add(cause)
                _say(f"A correction was not kept, and others may not be: {error}")
            raise

    def _keep(
        self, prediction: Prediction, correction: str, strokes: Strokes | None, giver: str
    ) -> str:
        with self._lock:
            if self._is_over:
                raise FullError("The page is being stopped.")
            identity = self._next(giver)
            entry = {
                "id": identity,
                "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ"),
                "strokes": strokes and [[_within(n) for n in path] for path in strokes],
                "picture": f"{self._pictures.name}/{identity}.png",
                "answer": prediction.letter,
                "correction": LETTERS[LETTERS.index(correction)],
                "consent": True,
            }
            line = json.dumps(entry, ensure_ascii=False).encode() + b"\n"
            if len(line) > self._room:
                raise FullError(f"{self.folder} is as full as it may become.")
            picture = self._pictures / f"{identity}.png"
            try:
                _write(picture, to_png(prediction.ink))
                _write(self._lines, line)
            except OSError:
                # Half a line may stand there after all: the next one must not be glued to it.
                self._lines = self.folder / f"corrections-{identity}.jsonl"
                picture.unlink(missing_ok=True)  # nobody has consented to a picture alone
                raise
            self._room -= len(line)
            return identity

    def _next(self, giver: str) -> str:
        minute = int(time.monotonic() // 60)
        if minute != self._minute:
            self._minute, self._in_minute = minute, Counter()
        if self._in_minute.total() >= self._a_minute:
            raise FullError(f"{self._a_minute} letters a minute are kept.")
        share = self._a_minute // SHARES
        if giver and self._in_minute[giver] >= share:
            raise FullError(f"{share} letters a minute of one address are kept.")
        self._in_minute[giver] += 1
        self._count += 1
        return f"{self.run}-{self._count}"


def _within(number: float) -> float:
    return round(min(max(number, 0), SURFACE), 1)


def _write(file: Path, data: bytes) -> None:
    """Append to a file in one write, and see it on the disk; if that fails, nothing is added.

    Raises:
        OSError: If not all of it is there.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    descriptor = os.open(file, flags, 0o644)
    try:
        before = os.fstat(descriptor).st_size
        try:
            if os.write(descriptor, data) < len(data):
                raise OSError(f"the disk is full: {file.parent} takes nothing more.")
            os.fsync(descriptor)
        except OSError:
            with suppress(OSError):
                os.ftruncate(descriptor, before)
            raise
    finally:
        os.close(descriptor)


def open_keeper(environment: Mapping[str, str]) -> Keeper | None:
    """Open the folder that the environment names, and the data set on the Hub.

    Args:
        environment: HARF_FEEDBACK_DIR names the folder; HARF_FEEDBACK_REPO the data set,
            which wants a token of the Hub; alone, it has a folder that goes with the page.

    Returns:
        Who keeps corrections, to be told when the page ends (`leave`), or None if nobody
        does. What is not as it was asked for is said on stderr.
    """
    folder, repo = environment.get(FOLDER), environment.get(REPO)
    if not folder and not repo:
        return None
    from huggingface_hub.utils import httpx  # type: ignore[attr-defined]  # meant for us

    problem = _problem(repo) if repo else None
    if problem and not folder:
        keeper = None
    else:
        try:
            if folder:
                keeper = Keeper(Path(folder).expanduser())  # no shell has seen the name
            else:
                keeper = Keeper(Path(tempfile.mkdtemp(prefix="harf-feedback-")), goes=True)
        except (OSError, RuntimeError):  # the latter where nobody has that home
            said = folder or "the folder for temporary files"
            _say(f"Corrections are not kept: {said} cannot be written to.")
            return None
    if keeper and repo and not problem:
        try:
            keeper.send_to(HubName.parse(repo).repo)  # without hf://
        except (OSError, ValueError, httpx.HTTPError):  # the second: a name that the Hub has not
            problem = "the Hub refuses it or is out of reach"
        if problem and not folder:
            keeper.leave()
            keeper = None
    if problem:
        where = f"are kept in {folder} only" if folder else "are not kept"
        _say(f"Corrections {where}: nothing goes to {repo}, {problem}.")
    return keeper


def _impatient_client() -> Any:
    """Make the Hub's client, which alone would wait for a silent Hub for ever, at the end too."""
    from huggingface_hub.utils._http import default_client_factory

    client = default_client_factory()
    client.timeout = SILENCE
    return client


def _problem(repo: str) -> str | None:
    try:
        named = HubName.parse(repo)
    except ModelError:
        return "which is no name on the Hub: write OWNER/NAME"
    if named.revision:
        return "which must be OWNER/NAME alone"
    from huggingface_hub import get_token

    return None if get_token() else "there is no token: set HF_TOKEN to one that may write"


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)
