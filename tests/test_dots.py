"""Which strokes are dots, and which only go on with a line or go over it again."""

import numpy as np
import pytest

from recognizer import LETTERS, Recognizer, coach
from recognizer.dots import densified
from recognizer.templates import plain_strokes
from tests.hand import by_hand

Path = list[float]


def lifted(path: Path, share: float) -> list[Path]:
    """A line drawn in two strokes: the pen was lifted at that share of it."""
    points = densified(np.array(path, float).reshape(-1, 2), 5.0)
    at = int(len(points) * share)
    return [points[: at + 1].ravel().tolist(), points[at:].ravel().tolist()]


@pytest.mark.parametrize("share", [0.1, 0.8, 0.9, 0.95])
def test_a_line_that_goes_on_after_a_lifted_pen_is_no_dot(
    recognizer: Recognizer, share: float
) -> None:
    wrong = []
    for hand in (by_hand, plain_strokes):
        for letter in LETTERS:
            body, *rest = hand(letter)
            told = coach(recognizer, [*lifted(body, share), *rest], letter)
            wrong += [(hand.__name__, letter, told.hints)] if told.hints != ("right",) else []
    assert len(wrong) <= 2, wrong  # of 56


def test_a_line_made_longer_is_no_dot(recognizer: Recognizer) -> None:
    body, dot = by_hand("ب")
    told = coach(recognizer, [body, [*body[-2:], body[-2] + 2, body[-1] - 82], dot], "ب")
    assert (told.hints, told.dots_drawn) == (("right",), 1)
    (waw,) = by_hand("و")
    told = coach(recognizer, [waw, [300, 790, 215, 815]], "و")
    assert (told.hints, told.dots_drawn) == (("right",), 0)


@pytest.mark.parametrize("letter", LETTERS)
def test_a_part_of_the_line_drawn_over_again_is_no_dot(recognizer: Recognizer, letter: str) -> None:
    body, *rest = by_hand(letter)
    points = densified(np.array(body, float).reshape(-1, 2), 5.0)
    again = points[int(0.4 * len(points)) : int(0.6 * len(points))] + 15  # within its ink
    told = coach(recognizer, [body, again.ravel().tolist(), *rest], letter)
    assert told.hints == ("right",)
