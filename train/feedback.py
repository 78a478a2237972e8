"""Corrections that visitors gave, read from strangers' files and checked one by one.

The form is described in ``assets/feedback/README.md``, the data set's card.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognizer.characters import BY_LETTER, LETTERS
from recognizer.errors import ModelError, RecognizerError
from recognizer.hub import HubName
from recognizer.ink import Ink, fit_to_input
from recognizer.picture import decode, to_ink
from recognizer.strokes import check_strokes, strokes_to_ink

from .errors import TrainError

LINES = "corrections*.jsonl"
PICTURES = "pictures"
MAX_BYTES = 10 * 2**20  # of a picture
# Of AHCD's test scans about nine in ten are as much alike as this when they were enlarged, three
# in four or more as JPEGs, but four in ten in pure black and white; so are six in a hundred
# letters by others, and are left out in vain.
SAME_INK = 0.93
_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Feedback:
    """Letters by visitors, ready for training.

    Attributes:
        inks: (64, 64) uint8 each, fitted to the input.
        labels: The class index of each.
        left_out: How many lines were left out, by reason.
    """

    inks: tuple[Ink, ...] = ()
    labels: tuple[int, ...] = ()
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def settings(self) -> dict[str, Any]:
        """What a run has to remember of it; nothing when there is none."""
        if not self.inks:
            return {}
        contents = hashlib.sha256(bytes(self.labels) + b"".join(i.tobytes() for i in self.inks))
        return {"feedback": contents.hexdigest(), "corrections": len(self.inks)}

    def __str__(self) -> str:
        """How many are used, and what was left out and why."""
        reasons = ", ".join(f"{count} {reason}" for reason, count in self.left_out.most_common())
        return f"feedback: {len(self.inks)} corrections; left out: {reasons or 'none'}"


class _LeftOutError(Exception):
    """A line is not used; the message is the reason."""


def load_feedback(source: str) -> Feedback:
    """Read corrections from a folder or from a data set on the Hub.

    Args:
        source: A folder, or OWNER/NAME or OWNER/NAME@REVISION.

    Raises:
        TrainError: If there are none, or the Hub does not give them.
    """
    folder = Path(source)
    if not folder.is_dir():
        folder = _fetched(source)
    files = sorted(folder.glob(LINES))
    if not files:
        raise TrainError(f"There is no corrections*.jsonl in {source}.")
    inks: dict[bytes, Ink] = {}
    labels: dict[bytes, list[int]] = {}
    left_out: Counter[str] = Counter()
    for line in _lines(files):
        try:
            ink, label = _correction(line, folder)
        except _LeftOutError as reason:
            left_out[str(reason)] += 1
        else:
            inks.setdefault(ink.tobytes(), ink)
            labels.setdefault(ink.tobytes(), []).append(label)
    for same, given in labels.items():
        if len(set(given)) > 1:  # one of them is wrong, and nobody knows which
            left_out["one drawing as two letters"] += len(given)
            del inks[same]
        elif len(given) > 1:
            left_out["there twice"] += len(given) - 1
    return Feedback(tuple(inks.values()), tuple(labels[same][0] for same in inks), left_out)


def without_known(feedback: Feedback, cells: Sequence[NDArray[np.uint8]]) -> Feedback:
    """Leave out corrections that show letters which training must not know.

    Somebody may have uploaded pictures of AHCD: what is trained on cannot be measured on. The
    same scan enlarged or as a JPEG is a little different ink, so the cosine of the two decides.

    Args:
        feedback: Corrections.
        cells: Scans to measure on or to choose by.
    """
    if not feedback.inks:
        return feedback
    known = _directions([fit_to_input(to_ink(cell)) for cell in cells])
    likeness = (_directions(feedback.inks) @ known.T).max(axis=1)
    kept = np.flatnonzero(likeness < SAME_INK)
    left_out = feedback.left_out + Counter(
        {"of a letter to measure on": len(feedback.inks) - len(kept)}
    )
    inks, labels = (tuple(of[i] for i in kept) for of in (feedback.inks, feedback.labels))
    return Feedback(inks, labels, left_out)


def _directions(inks: Sequence[Ink]) -> NDArray[np.float32]:
    """(n, 4096): each ink as a vector of length 1."""
    flat = np.stack(inks).reshape(len(inks), -1).astype(np.float32)
    return flat / np.linalg.norm(flat, axis=1, keepdims=True)


def _fetched(source: str) -> Path:
    # The Hub's client is only needed for a data set that is there.
    from .hub import fetch_dataset

    try:
        name = HubName.parse(source)
    except ModelError:
        raise TrainError(
            f"{source} is neither a folder nor a data set on the Hub, OWNER/NAME."
        ) from None
    return fetch_dataset(name, (LINES, f"{PICTURES}/*.png"))


def _lines(files: list[Path]) -> Iterator[str]:
    for file in files:
        with file.open(encoding="utf-8", errors="replace") as lines:
            yield from (line for line in lines if line.strip())


def _correction(line: str, folder: Path) -> tuple[Ink, int]:
    """Take a line apart.

    Raises:
        _LeftOutError: If it is not a correction that may and can be used.
    """
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        raise _LeftOutError("in another form") from None
    if not isinstance(entry, dict) or not _is_id(entry.get("id")):
        raise _LeftOutError("in another form")
    if entry.get("consent") is not True:
        raise _LeftOutError("without consent")
    letter = entry.get("correction")
    if not isinstance(letter, str) or letter not in BY_LETTER:
        raise _LeftOutError("with an unknown letter")
    try:
        return fit_to_input(_ink(entry, folder)), LETTERS.index(letter)
    except (RecognizerError, OSError):
        raise _LeftOutError("unreadable or blank") from None


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _ink(entry: dict[str, Any], folder: Path) -> Ink:
    """Ink the strokes or read the picture, whose path is made here and never taken from a line."""
    if entry.get("strokes") is not None:
        return strokes_to_ink(check_strokes(entry["strokes"]))
    name = f"{PICTURES}/{entry['id']}.png"
    if entry.get("picture") != name:
        raise _LeftOutError("in another form")
    with (folder / name).open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES or not data.startswith(_PNG):
        raise _LeftOutError("unreadable or blank")
    return to_ink(decode(data))
