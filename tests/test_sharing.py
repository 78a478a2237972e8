"""Letters that are asked about at the same time get each its own answer."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from recognizer import Recognizer
from recognizer.sharing import SharedCalls
from tests.hand import by_hand, letters


def test_many_threads_get_each_the_answer_to_its_own_letter(recognizer: Recognizer) -> None:
    drawings = [by_hand(letter) for letter in letters()] * 4
    alone = [recognizer.recognize_strokes(drawing) for drawing in drawings[: len(letters())]] * 4
    with ThreadPoolExecutor(16) as threads:
        together = list(threads.map(recognizer.recognize_strokes, drawings))
    for one, other in zip(alone, together, strict=True):
        assert np.array_equal(one.ink, other.ink)
        assert one.probabilities == pytest.approx(other.probabilities, abs=1e-4)


def test_one_failure_keeps_no_answer_from_the_others(recognizer: Recognizer) -> None:
    shared = SharedCalls()
    right = recognizer.recognize_strokes(by_hand("ب"))
    wrong_size, ink = np.zeros((1, 9, 9), np.uint8), right.ink[np.newaxis]
    with ThreadPoolExecutor(8) as threads:
        asked = [
            threads.submit(shared.ask, recognizer.model, batch) for batch in [wrong_size, ink] * 8
        ]
    failed = [one.exception() is not None for one in asked]
    assert failed == [True, False] * 8
    assert np.allclose(asked[1].result()[0][0], right.probabilities, atol=1e-4)
