"""Scans traced to pen strokes are the same letters when they are inked again."""

import cv2
import numpy as np
import pytest

from recognizer import EmptyDrawingError, Recognizer, fit_to_input, strokes_to_ink, to_ink
from recognizer.characters import LETTERS
from tests.ahcd import ahcd
from train.synthesis import placed
from train.trace import trace

RNG = np.random.default_rng(3)
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


def test_a_loop_that_the_pen_filled_is_still_a_loop() -> None:
    turns = np.linspace(0, 8 * np.pi, 160)
    radius = np.linspace(70, 10, 160)  # around four times, and no paper left inside
    head = np.stack([600 + radius * np.cos(turns), 350 + radius * np.sin(turns)], axis=1)
    tail = [670.0, 350, 650, 600, 500, 750, 300, 800]
    ink = strokes_to_ink([head.ravel(), tail], pen_width=0.08)
    outlines, _ = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    assert len(outlines) == 1, "the pen leaves a hole"
    again = strokes_to_ink(placed(trace(fit_to_input(ink)), 0.6, RNG), pen_width=0.015)
    outlines, _ = cv2.findContours(again, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    assert len(outlines) == 2


def test_faint_dots_are_traced() -> None:
    scan = np.zeros((32, 32), np.uint8)
    scan[20:22, 6:26] = 255
    scan[12:14, 12:14] = scan[12:14, 18:20] = 75
    assert sorted(len(path) == 1 for path in trace(scan)) == [False, True, True]


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
