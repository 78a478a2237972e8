"""Harf: draw one Arabic letter, or upload a picture of it, and read which it is."""

import sys

from page import build_demo as build_demo
from page import launch
from recognizer import Recognizer, RecognizerError


def main() -> None:
    """Load the model that comes with Harf and serve the page until it is stopped."""
    try:
        recognizer = Recognizer.load()
    except RecognizerError as error:
        sys.exit(str(error))
    launch(build_demo(recognizer))


if __name__ == "__main__":
    main()
