"""What is said beside the answers, on stderr; no answer depends on whether anybody hears it."""

import os
import sys
from typing import TextIO


def say(text: str, end: str = "\n") -> None:
    """Say something on stderr, if it is open and somebody reads it.

    Args:
        text: What to say.
        end: What comes behind it.
    """
    if sys.stderr is None:  # it was closed before Python began; print would take stdout for it
        return
    try:
        print(text, file=sys.stderr, end=end, flush=True)
    except OSError:  # whoever read it is gone, or its disk is full
        let_go(sys.stderr)


def let_go(stream: TextIO) -> None:
    """Let nothing more be written, which Python would try at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
