"""Printed lines go, however they run; a letter's own long strokes stay."""

import cv2
import numpy as np
import pytest

from recognizer import to_ink
from recognizer.ink import crop_to_ink
from tests.hand import letters
from tests.inks import drawn, on_sheet, overlap
from tests.pictures import Color, lit, ruled


@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("tilt", [0, 2, -3])
@pytest.mark.parametrize("color", [(170, 200, 240), (90, 90, 110)])
@pytest.mark.parametrize("letter", ["ث", "ك"])
def test_ruled_lines_go_and_the_letter_stays(
    letter: str, color: Color, tilt: float, squared: bool
) -> None:
    ink = drawn(letter, 512, 0.035)
    page = on_sheet(ruled(512, color, tilt=tilt, squared=squared), ink, (30, 30, 40))
    assert overlap(to_ink(page), ink) > 0.95


@pytest.mark.parametrize("letter", letters())
def test_a_printed_line_to_write_on_goes_though_it_ends_before_the_edge(letter: str) -> None:
    ink = drawn(letter, 300, 0.03)
    page = 255 - ink
    cv2.line(page, (30, 288), (270, 288), 90, 2)
    assert overlap(to_ink(page), ink) > 0.95


@pytest.mark.parametrize("letter", ["ا", "ب", "ج"])
def test_squares_in_a_light_that_falls_off_go_too(letter: str) -> None:
    ink = drawn(letter, 640, 0.03)
    page = on_sheet(np.full((640, 640, 3), (240, 236, 222), np.uint8), ink, (48, 47, 44))
    for at in range(20, 640, 32):
        page[at : at + 2] = page[at : at + 2] * (0.7, 0.8, 1)
        page[:, at : at + 2] = page[:, at : at + 2] * (0.7, 0.8, 1)
    y, x = np.mgrid[:640, :640] / 640
    photo = lit(page, 1 - 0.38 * (np.hypot(x - 0.2, y - 0.1) / 1.2) ** 1.5)
    assert overlap(to_ink(photo), ink) > 0.95


@pytest.mark.parametrize("grey", range(205, 222, 2))
def test_a_line_fainter_than_any_ink_goes_too(grey: int) -> None:
    ink = np.pad(crop_to_ink(drawn("ب", 500, 0.03)), ((60, 60), (5, 5)))
    page = np.where(ink >= 64, np.uint8(25), np.uint8(245))
    page[-25:-22] = grey
    assert overlap(to_ink(page), ink) > 0.95


@pytest.mark.parametrize("letter", letters())
def test_a_long_stroke_of_a_letter_is_no_ruled_line(letter: str) -> None:
    ink = drawn(letter, 300, 0.04)
    rows, columns = np.nonzero(ink >= 64)
    tight = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    assert overlap(to_ink(255 - tight), ink) > 0.99
