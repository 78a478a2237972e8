"""Photos: uneven light, shadows, rough chalk, a letter that is small on its page."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from recognizer import Recognizer, to_ink
from recognizer.strokes import strokes_to_ink
from tests.hand import by_hand, letters
from tests.inks import colored, drawn, on_sheet, overlap, pieces
from tests.pictures import Pixels, ink_of, lit, on_board, on_paper, on_screen, ruled, shadow


@pytest.mark.parametrize("letter", letters())
@pytest.mark.parametrize("picture", [on_paper, lambda x: on_paper(x, ruled=True), on_board])
def test_a_photo_keeps_the_letter_with_its_dots_and_nothing_else_and_is_read(
    recognizer: Recognizer, letter: str, picture: Callable[[str], Pixels]
) -> None:
    ink = to_ink(picture(letter))
    assert pieces(ink) == pieces(to_ink(on_screen(letter)))
    assert recognizer.recognize_ink(ink).letter == letter


@pytest.mark.parametrize("softness", [1.5, 8, 40])
@pytest.mark.parametrize("letter", ["ث", "س"])
def test_a_shadow_across_the_letter_goes(letter: str, softness: float) -> None:
    ink = drawn(letter, 512, 0.03)
    photo = lit(colored(ink, (235, 230, 220), (50, 50, 60)), shadow(512, softness))
    assert overlap(to_ink(photo), ink) > 0.95
    assert pieces(to_ink(photo)) == pieces(ink)


@pytest.mark.parametrize("darkest", [0.9, 0.92, 0.95])
def test_pencil_on_ruled_paper_is_read_where_light_falls_off_a_little(
    recognizer: Recognizer, darkest: float
) -> None:
    light = np.linspace(1, darkest, 1000) * np.ones((1000, 1))
    for letter in "بخذي":  # the lines are as dark as the pencil
        ink = (255 * ink_of(letter, 1000, 0.02)).astype(np.uint8)
        sheet = on_sheet(ruled(1000, (150, 175, 205)), ink, (120, 120, 124))
        assert recognizer.recognize(lit(sheet, light)).letter == letter


def test_a_pen_that_lies_beside_the_letter_is_no_letter(recognizer: Recognizer) -> None:
    light = np.linspace(0.7, 1, 640) * np.ones((640, 1))
    for letter in "بجس":
        strokes = [[150 + 0.5 * value for value in path] for path in by_hand(letter)]
        photo = colored(strokes_to_ink(strokes, size=640), (235, 230, 220), (50, 50, 60))
        cv2.line(photo, (540, 150), (600, 700), (20, 20, 110), 22)
        assert recognizer.recognize(lit(photo, light)).letter == letter


def test_a_letter_that_is_small_in_its_photo_is_read(recognizer: Recognizer) -> None:
    light = np.linspace(0.6, 1, 640) * np.ones((640, 1))
    wrong = []
    for letter in letters():  # a seventh of the photo's side, an alef with 500 of its pixels
        strokes = [[400 + 0.15 * value for value in path] for path in by_hand(letter)]
        ink = strokes_to_ink(strokes, size=640, pen_width=0.01)
        photo = lit(colored(ink, (235, 230, 220), (50, 50, 60)), light)
        if recognizer.recognize(photo).letter != letter:
            wrong.append(letter)
    assert not wrong
