"""Harf: draw one Arabic letter, or upload a picture of it, and read which it is."""

import os
import sys

from page import build_demo as build_demo
from page import launch
from recognizer import ModelError, Recognizer, RecognizerError
from recognizer.model import BUNDLED, CHOICE


def main() -> None:
    """Load a model and serve the page until it is stopped."""
    try:
        recognizer, is_substitute = load()
    except RecognizerError as error:
        sys.exit(str(error))
    launch(build_demo(recognizer, is_substitute=is_substitute))


def load() -> tuple[Recognizer, bool]:
    """Load the model that HARF_MODEL names; if that fails, the one that comes with Harf.

    Returns:
        Who answers, and whether in place of the model that was chosen.

    Raises:
        ModelError: If not even the model that comes with Harf is sound.
    """
    try:
        return Recognizer.load(), False
    except ModelError as error:
        if not os.environ.get(CHOICE):
            raise
        print(error, file=sys.stderr)
    return Recognizer.load(BUNDLED), True


if __name__ == "__main__":
    main()
