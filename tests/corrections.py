"""Corrections that somebody gives, and what is kept of them."""

import json
from pathlib import Path
from typing import Any

from page.feedback import Keeper
from recognizer import LETTERS, Recognizer
from tests.hand import Strokes, by_hand
from train.feedback import load_feedback

NAME = "owner/harf-feedback"


def give(
    keeper: Keeper, recognizer: Recognizer, letter: str, strokes: Strokes | None = None
) -> str:
    strokes = strokes or by_hand(letter)
    return keeper.keep(recognizer.recognize_strokes(strokes), letter, strokes)


def lines(folder: Path) -> list[dict[str, Any]]:
    files = sorted(folder.glob("corrections*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def letters(folder: Path | str) -> str:
    return "".join(sorted(LETTERS[label] for label in load_feedback(str(folder)).labels))
