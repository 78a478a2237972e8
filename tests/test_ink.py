"""Wherever and however large a letter is drawn, the network sees the same."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from recognizer import EmptyDrawingError, fit_to_input, strokes_to_ink
from recognizer.ink import FIELD, INPUT_SIZE, MARGIN, crop_to_ink, line_width
from tests.hand import by_hand, letters

Ink = NDArray[np.uint8]


def drawn(letter: str, size: int = 256, pen: float = 0.05) -> Ink:
    return strokes_to_ink(by_hand(letter), size=size, pen_width=pen)


def box(ink: Ink) -> tuple[int, int, int, int]:
    """Top, bottom, left and right of the ink, the last two inclusive."""
    rows, columns = np.nonzero(ink >= 64)
    return int(rows.min()), int(rows.max()), int(columns.min()), int(columns.max())


@pytest.mark.parametrize("letter", letters())
def test_the_crop_holds_every_inked_pixel_and_no_empty_border(letter: str) -> None:
    ink = drawn(letter)
    crop = crop_to_ink(ink)
    assert (crop >= 64).sum() == (ink >= 64).sum()
    for side in (crop[0], crop[-1], crop[:, 0], crop[:, -1]):
        assert side.max() >= 64


def test_the_crop_keeps_a_dot_far_away() -> None:
    ink = np.zeros((100, 100), np.uint8)
    ink[10:30, 10:14] = 255
    ink[90, 95] = 200
    assert crop_to_ink(ink).shape == (81, 86)


def test_the_crop_is_a_view_that_copies_nothing() -> None:
    ink = drawn("ب")
    assert crop_to_ink(ink).base is not None
    assert np.shares_memory(crop_to_ink(ink), ink)


@pytest.mark.parametrize("ink", [np.zeros((64, 64), np.uint8), np.full((9, 5), 20, np.uint8)])
def test_ink_without_ink_is_refused(ink: Ink) -> None:
    for function in (crop_to_ink, fit_to_input):
        with pytest.raises(EmptyDrawingError, match="draw one letter"):
            function(ink)


@pytest.mark.parametrize("letter", letters())
@pytest.mark.parametrize("size", [32, 64, 256, 1000])
def test_the_longest_side_fills_the_field_and_the_letter_stands_in_the_middle(
    letter: str, size: int
) -> None:
    fitted = fit_to_input(drawn(letter, size))
    assert fitted.shape == (INPUT_SIZE, INPUT_SIZE) and fitted.dtype == np.uint8
    top, bottom, left, right = box(fitted)
    assert abs(max(bottom - top, right - left) + 1 - FIELD) <= 2
    assert abs(top + bottom + 1 - INPUT_SIZE) <= 3 and abs(left + right + 1 - INPUT_SIZE) <= 3
    assert fitted[: MARGIN - 1].max() == fitted[:, : MARGIN - 1].max() == 0


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(letters()), st.integers(0, 300), st.integers(0, 200))
def test_a_moved_letter_gives_the_same_input(letter: str, right: int, down: int) -> None:
    ink = drawn(letter)
    sheet = np.zeros((256 + 200, 256 + 300), np.uint8)
    sheet[down : down + 256, right : right + 256] = ink
    assert np.array_equal(fit_to_input(sheet), fit_to_input(ink))


@pytest.mark.parametrize("letter", letters())
@pytest.mark.parametrize("size", [100, 512, 1600])
def test_a_larger_or_smaller_letter_gives_nearly_the_same_input(letter: str, size: int) -> None:
    one, other = (fit_to_input(drawn(letter, s)).astype(float) for s in (256, size))
    near = cv2.dilate(other, np.ones((3, 3)))
    assert (one - near).clip(0).sum() < 0.03 * one.sum()


def test_alef_stays_a_line() -> None:
    top, bottom, left, right = box(fit_to_input(drawn("ا")))
    assert bottom - top + 1 >= FIELD - 1
    assert right - left + 1 < FIELD / 3


@pytest.mark.parametrize("height, width", [(40, 3), (3, 40), (1, 200), (200, 1), (7, 7), (1, 1)])
def test_any_shape_of_ink_fits(height: int, width: int) -> None:
    fitted = fit_to_input(np.full((height, width), 255, np.uint8))
    assert fitted.shape == (INPUT_SIZE, INPUT_SIZE)
    assert fitted.max() == 255


def test_a_hairline_is_as_dark_as_any_other_line() -> None:
    ink = np.zeros((900, 900), np.uint8)
    points = np.array(by_hand("س")[0]).reshape(-1, 2) * 0.9
    cv2.polylines(ink, [np.rint(points).astype(np.int32)], False, 255, 1)
    fitted = fit_to_input(ink)
    assert line_width(fitted) >= 1.5
    assert np.quantile(fitted[fitted > 0], 0.9) > 200


@pytest.mark.parametrize("width", [3, 6, 12, 25])
def test_the_width_of_a_line_is_measured(width: int) -> None:
    ink = np.zeros((300, 300), np.uint8)
    cv2.polylines(ink, [np.array([[40, 250], [60, 60], [250, 240]])], False, 255, width)
    assert line_width(ink) == pytest.approx(width, rel=0.2, abs=1.5)


def test_no_ink_has_no_line() -> None:
    assert line_width(np.zeros((20, 20), np.uint8)) == 0


def test_fitting_leaves_the_ink_as_it_was() -> None:
    ink = drawn("ع")
    copy = ink.copy()
    fit_to_input(ink)[:] = 7
    assert np.array_equal(ink, copy)
