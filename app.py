"""Harf: draw one Arabic letter, or upload a picture of it, and read which it is."""

import os
import sys

from page import build_demo as build_demo
from page import launch
from recognizer import ModelError, Recognizer
from recognizer.model import BUNDLED, CHOICE


def load() -> tuple[Recognizer, str | None]:
    """Load the model that HARF_MODEL names; if that fails, the one that comes with Harf.

    Returns:
        Who answers, and what the page must say about it, if anything.

    Raises:
        ModelError: If not even the model that comes with Harf is sound.
    """
    try:
        return Recognizer.load(), None
    except ModelError as error:
        if not os.environ.get(CHOICE):
            raise
        print(error, file=sys.stderr)
    return Recognizer.load(BUNDLED), "notice.bundled"


if __name__ == "__main__":
    recognizer, notice = load()
    launch(build_demo(recognizer, notice))
