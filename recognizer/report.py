"""Answers on the command line: as sentences, as JSON lines or as a table."""

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias
from unicodedata import bidirectional, category

from .characters import BY_LETTER
from .recognize import Prediction

Report: TypeAlias = Callable[[Path, Prediction], None]

BREAKS = ("Cc", "Zl", "Zp")  # control characters and separators of lines
TURNS = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")  # what comes after them


def in_words(prediction: Prediction) -> str:
    """Say what was read the way a person would, and how to help when it is unsure."""
    (first, share), (second, _) = prediction.top(2)
    letter = f"{first} · {prediction.name}"
    if prediction.verdict == "not_a_letter":
        return f"does not look like a letter; the nearest is {letter}"
    answer = f"{letter}, {_percent(share)}"
    if prediction.verdict == "sure":
        return answer
    return f"{answer}: {first} or {second}? Check the {_doubtful(first, second)}."


def _percent(share: float) -> str:
    """A probability for people; certainty is not on offer."""
    return f"{min(share, 0.99):.0%}"


def _doubtful(one: str, other: str) -> str:
    """Name what tells two letters apart: dots that differ, since they are the easier to mend."""
    letters = BY_LETTER[one], BY_LETTER[other]
    first, second = [(letter.dots, letter.place) for letter in letters]
    if first == second:
        return "shape"
    return "dots" if max(letter.dots for letter in letters) > 1 else "dot"


def in_one_line(path: Path) -> str:
    """Return a path with escapes for what breaks or turns its line, or orders a terminal about."""
    escape = {
        ord(sign): repr(sign)[1:-1]
        for sign in str(path)
        if category(sign) in BREAKS or bidirectional(sign) in TURNS
    }
    return str(path).translate(escape)


def line_report(top: int) -> Report:
    """Print a line for people: the path, the answer in words, the likeliest letters if asked."""

    def report(file: Path, prediction: Prediction) -> None:
        best = ", ".join(f"{letter} {_percent(share)}" for letter, share in prediction.top(top))
        print(f"{in_one_line(file)}: {in_words(prediction)}" + (f" ({best})" if top > 1 else ""))

    return report


def json_report(top: int) -> Report:
    """Print one JSON object a line."""

    def report(file: Path, prediction: Prediction) -> None:
        path = str(file)
        # Python stands lone surrogates for the bytes of a name that is not UTF-8. Written as
        # those bytes they would be no JSON; as escapes, Python reads the same name again.
        is_utf_8 = not any("\ud800" <= character <= "\udfff" for character in path)
        answer = {"path": path, **prediction.to_json(top)}
        print(json.dumps(answer, ensure_ascii=not is_utf_8))

    return report


def csv_report(top: int) -> Report:
    """Print the header of a table now, and a row for each file."""
    table = csv.writer(sys.stdout, lineterminator="\n")
    ranks = [name for k in range(1, top + 1) for name in (f"letter_{k}", f"probability_{k}")]
    table.writerow(["path", "letter", "name", "confidence", "letterness", "verdict", *ranks])

    def report(file: Path, prediction: Prediction) -> None:
        best = [cell for pair in prediction.top(top) for cell in pair]
        p = prediction
        row = [file, p.letter, p.name, p.confidence, p.letterness, p.verdict, *best]
        table.writerow([f"{cell:.6f}" if isinstance(cell, float) else cell for cell in row])

    return report
