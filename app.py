"""Harf: draw one Arabic letter, or upload a picture of it, and read which it is."""

import os
import signal
import sys

from page import build_demo as build_demo
from page import launch, open_keeper
from recognizer import ModelError, Recognizer, RecognizerError
from recognizer.model import BUNDLED, CHOICE


def main() -> None:
    """Load a model and serve the page until it is stopped."""
    try:
        recognizer, is_substitute = load()
    except RecognizerError as error:
        sys.exit(str(error))
    # As with Ctrl+C, what is not sent yet is sent before the end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    keeper = open_keeper(os.environ)
    launch(build_demo(recognizer, is_substitute=is_substitute, keeper=keeper))


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
