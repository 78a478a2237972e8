"""Scans traced to pen strokes are the same letters when they are inked again."""

import numpy as np
import pytest

from recognizer import EmptyDrawingError, Recognizer, fit_to_input, strokes_to_ink, to_ink
from recognizer.characters import LETTERS
from tests.ahcd import ahcd
from train.synthesis import placed
from train.trace import trace

LINE = [[200.0, 300, 800, 700]]


def test_a_line_is_traced_from_end_to_end() -> None:
    ink = fit_to_input(strokes_to_ink(LINE, pen_width=0.05))
    (path,) = trace(ink)
    assert np.ptp(path, axis=0) == pytest.approx([52, 35], abs=7)


def test_dots_stay_apart_from_the_line_and_are_points() -> None:
    ink = fit_to_input(strokes_to_ink([*LINE, [300, 700], [420, 780]], pen_width=0.06))
    paths = trace(ink)
    assert sorted(len(path) == 1 for path in paths) == [False, True, True]


def test_a_ring_is_traced_all_around() -> None:
    turns = np.linspace(0, 2 * np.pi, 40)
    ring = np.stack([500 + 300 * np.cos(turns), 500 + 300 * np.sin(turns)], axis=1)
    paths = trace(fit_to_input(strokes_to_ink([ring.ravel()], pen_width=0.05)))
    length = sum(np.hypot(*np.diff(path, axis=0).T).sum() for path in paths)
    assert length == pytest.approx(np.pi * 48, rel=0.08)


def test_paper_without_ink_is_refused() -> None:
    with pytest.raises(EmptyDrawingError):
        trace(np.zeros((32, 32), np.uint8))


def test_traced_letters_are_still_read(recognizer: Recognizer) -> None:
    _, test = ahcd()
    some = test.where(np.arange(len(test)) % 12 == 0)
    rng = np.random.default_rng(0)
    inks = [strokes_to_ink(placed(trace(to_ink(cell)), 0.6, rng)) for cell in some.cells]
    answers = [LETTERS.index(p.letter) for p in recognizer.recognize_many(inks)]
    assert (np.array(answers) == some.labels).mean() > 0.9
