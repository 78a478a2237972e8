"""What a pen leaves becomes ink, and what is no pen's is refused."""

import math

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from recognizer import EmptyDrawingError, StrokesError, fit_to_input, strokes_to_ink
from recognizer.ink import line_width
from recognizer.strokes import (
    CANVAS_SIZE,
    MAX_NUMBERS,
    MAX_PATHS,
    PEN_WIDTH,
    THICKEST_PEN,
    THINNEST_PEN,
    check_strokes,
)
from tests.hand import by_hand, letters

LINE = [100.0, 500.0, 900.0, 500.0]


def pieces(ink: NDArray[np.uint8]) -> int:
    return int(cv2.connectedComponents((ink >= 128).view(np.uint8))[0]) - 1


@pytest.mark.parametrize("letter", letters())
def test_a_letter_by_hand_passes_the_check_unchanged(letter: str) -> None:
    assert check_strokes(by_hand(letter)) == by_hand(letter)


def test_numbers_of_numpy_are_numbers() -> None:
    for kind in (np.int64, np.float32):
        assert check_strokes([[kind(number) for number in LINE]]) == [LINE]
    with pytest.raises(StrokesError):
        check_strokes([[np.bool_(True), np.bool_(False)]])


def test_empty_paths_are_dropped() -> None:
    assert check_strokes([[], LINE, []]) == [LINE]
    assert check_strokes([]) == []


@pytest.mark.parametrize(
    "foreign",
    [
        None,
        "ب",
        7,
        {"paths": []},
        [1, 2, 3, 4],
        [None],
        [LINE, "1,2"],
        [[1, 2, 3]],
        [[[1, 2], [3, 4]]],
        [["1", "2"]],
        [np.array(["1", "2"])],
        [np.zeros((2, 3))],
        [np.array(1.0)],
        [np.full(4, np.nan)],
        [np.zeros(MAX_NUMBERS + 2)],
        [[None, None]],
        [[True, False]],
        [[math.nan, 1]],
        [[1, math.inf]],
        [[-math.inf, 1]],
        [[1e300, 1]],
        [[10**400, 1]],
        [[1j, 1]],
        [[1.0, 2.0]] * (MAX_PATHS + 1),
        [[1.0] * (MAX_NUMBERS + 2)],
    ],
)
def test_what_are_no_strokes_is_refused_in_a_sentence(foreign: object) -> None:
    with pytest.raises(StrokesError) as refused:
        check_strokes(foreign)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    "path", [[1, 2, 3], [math.nan, 1], [1, math.inf], ["1", "x"], [None, 1], [10**400, 1], [1j, 2]]
)
def test_ink_is_made_of_strokes_alone(path: list) -> None:
    with pytest.raises(StrokesError):
        strokes_to_ink([LINE, path])


@pytest.mark.parametrize("pen", [math.nan, math.inf, -0.01, 0, "wide", None])
def test_a_pen_that_is_none_is_refused(pen: float) -> None:
    with pytest.raises(StrokesError, match="above 0"):
        strokes_to_ink([LINE], pen_width=pen)


def test_the_longest_drawing_that_is_allowed_is_inked() -> None:
    paths = [[float(n % 1000) for n in range(MAX_NUMBERS // MAX_PATHS)]] * MAX_PATHS
    assert strokes_to_ink(check_strokes(paths)).max() == 255


@pytest.mark.parametrize("strokes", [[], [[]], [[], []]])
def test_a_drawing_without_a_point_is_empty(strokes: list) -> None:
    with pytest.raises(EmptyDrawingError, match="draw one letter"):
        strokes_to_ink(strokes)


def test_ink_is_full_in_the_line_soft_at_its_edge_and_nothing_on_paper() -> None:
    ink = strokes_to_ink([[100, 510, 900, 560]])
    assert ink.shape == (CANVAS_SIZE, CANVAS_SIZE) and ink.dtype == np.uint8
    assert ink[0, 0] == 0 and ink[136, 128] == 255
    assert ((ink > 0) & (ink < 255)).sum() > 50


def test_x_runs_to_the_right_and_y_runs_down() -> None:
    ink = strokes_to_ink([[100, 100, 100, 200, 150, 200]], size=100)
    assert ink[:30, :30].any() and not ink[40:].any() and not ink[:, 40:].any()


@pytest.mark.parametrize("pen", [0.035, 0.045, 0.055])
@pytest.mark.parametrize("size", [128, 256, 512])
def test_a_line_is_as_wide_as_its_pen(pen: float, size: int) -> None:
    ink = strokes_to_ink([LINE], pen_width=pen, size=size)
    # The anti-aliased lines of OpenCV are 1 to 3 pixels wider than asked; pixels are whole.
    assert 0 <= (ink[:, size // 2] >= 128).sum() - pen * size < 3.5


@pytest.mark.parametrize("point", [[500, 500], [500, 500, 500, 500], [500, 500, 501, 500]])
def test_a_tap_leaves_a_dot_as_wide_as_the_pen(point: list[float]) -> None:
    ink = strokes_to_ink([LINE[:2] + [900, 400], point], pen_width=0.06)
    assert pieces(strokes_to_ink([point], pen_width=0.06)) == 1
    assert line_width(ink) > 0


@pytest.mark.parametrize("letter", [letter for letter in letters() if letter in "بتثجخفقني"])
@pytest.mark.parametrize("pen", [0.01, 0.05, 0.2])
def test_no_pen_swallows_the_dots(letter: str, pen: float) -> None:
    assert pieces(strokes_to_ink(by_hand(letter), pen_width=pen)) == len(by_hand(letter))


@pytest.mark.parametrize("asked", [0.001, 0.05, 0.5])
def test_the_pen_suits_the_size_of_the_drawing(asked: float) -> None:
    size = 1000
    for longest in (0.2, 0.5, 0.9):
        line = [50, 500, 50 + 1000 * longest, 500]
        if longest < asked:
            continue
        ink = strokes_to_ink([line], pen_width=asked, size=size)
        width = (ink[:, round(50 + 500 * longest)] >= 128).sum() / size / longest
        assert THINNEST_PEN - 0.02 <= width <= THICKEST_PEN + 0.02


def test_a_letter_drawn_small_gives_nearly_the_input_of_a_letter_drawn_large() -> None:
    for letter in letters():
        large = by_hand(letter)
        small = [[300 + n / 4 for n in path] for path in large]
        one, other = (fit_to_input(strokes_to_ink(s, size=512)) for s in (large, small))
        # The same pen is thicker in proportion: the thin letter lies within the thick one.
        inside = cv2.dilate(other, np.ones((3, 3), np.uint8))[one >= 200]
        assert (inside >= 100).mean() > 0.97


def test_what_lies_outside_the_surface_does_no_harm() -> None:
    ink = strokes_to_ink(check_strokes([[-5000, 500, 500, 500, 1e8, -1e8]]))
    assert ink.max() == 255


def test_the_default_pen_is_the_page_s() -> None:
    ink = strokes_to_ink(by_hand("ب"))
    assert np.array_equal(ink, strokes_to_ink(by_hand("ب"), pen_width=PEN_WIDTH))
