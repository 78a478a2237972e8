"""What many tests share."""

import pytest

from recognizer import Recognizer


@pytest.fixture(scope="session")
def recognizer() -> Recognizer:
    """The recognizer with the model that ships: loading it takes seconds."""
    return Recognizer.load()
