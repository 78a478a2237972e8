"""A circle around a letter goes, whoever drew it; what only looks like one stays."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from recognizer import Recognizer, to_ink
from recognizer.ring import remove_rings
from tests.hand import letters
from tests.inks import colored, drawn, overlap
from tests.pictures import Pixels, lit

SIDE = 480  # pixels
MIDDLE = (SIDE // 2, SIDE // 2)


def sheet(letter: str, side: int = 230, pen: float = 0.05) -> Pixels:
    """The ink of a letter in the middle of a sheet."""
    ink = np.zeros((SIDE, SIDE), np.uint8)
    start = (SIDE - side) // 2
    ink[start : start + side, start : start + side] = drawn(letter, side, pen)
    return ink


def circle(ink: Pixels, thickness: int = 4, radius: int = 210) -> Pixels:
    return cv2.circle(ink.copy(), MIDDLE, radius, 255, thickness, cv2.LINE_AA)


def by_hand_around(ink: Pixels) -> Pixels:
    """A round line that is no circle, and passes its own beginning."""
    turn = np.linspace(0.1, 2 * np.pi + 0.25, 80)
    radius = 210 * (1 + 0.04 * np.sin(2 * turn) + 0.02 * np.cos(3 * turn))
    line = np.stack([radius * np.cos(turn), 0.95 * radius * np.sin(turn)], axis=1) + SIDE / 2
    return cv2.polylines(ink.copy(), [line.astype(np.int32)], False, 255, 11, cv2.LINE_AA)


def crowded(ink: Pixels) -> Pixels:
    """Two rings, one in the other, and what stands outside of them."""
    ringed = circle(circle(ink, 3), 3, 230)
    cv2.putText(ringed, "7", (8, 40), cv2.FONT_HERSHEY_SIMPLEX, 1, 255, 2, cv2.LINE_AA)
    return ringed


def in_red(ink: Pixels) -> Pixels:
    page = colored(ink, (250, 250, 250), (20, 20, 20))
    cv2.circle(page, MIDDLE, 210, (220, 30, 30), 3, cv2.LINE_AA)
    return page


def photo(ink: Pixels) -> Pixels:
    from_the_left = np.tile(np.linspace(0.55, 1, SIDE), (SIDE, 1))
    return lit(colored(by_hand_around(ink), (232, 228, 215), (40, 44, 90)), from_the_left)


@pytest.mark.parametrize(
    "picture",
    [circle, lambda ink: 255 - circle(ink), by_hand_around, crowded, in_red, photo],
    ids=["ring", "dark", "by hand", "crowded", "red", "photo"],
)
def test_a_letter_in_a_circle_is_read(
    recognizer: Recognizer, picture: Callable[[Pixels], Pixels]
) -> None:
    read = {letter: recognizer.recognize(picture(sheet(letter))).letter for letter in letters()}
    assert {letter: answer for letter, answer in read.items() if answer != letter} == {}


def test_of_a_letter_in_a_circle_nothing_is_lost() -> None:
    for letter in letters():
        ink = sheet(letter)
        assert overlap(to_ink(255 - circle(ink)), to_ink(255 - ink)) > 0.98, letter


@pytest.mark.parametrize("dot", [0, 3, 14, 20])
def test_a_round_heh_is_no_ring_whatever_lies_in_it(dot: int) -> None:
    heh = cv2.circle(np.zeros((SIDE, SIDE), np.uint8), MIDDLE, 150, 255, 14, cv2.LINE_AA)
    cv2.circle(heh, MIDDLE, dot, 255, -1, cv2.LINE_AA)
    assert remove_rings(heh) is heh


@pytest.mark.parametrize("letter", letters())
@pytest.mark.parametrize("size", [64, 160, 480])
def test_no_letter_alone_loses_anything(letter: str, size: int) -> None:
    for pen in (0.02, 0.06, 0.12):
        ink = drawn(letter, size, pen)
        assert remove_rings(ink) is ink


def test_a_disc_is_no_ring() -> None:
    disc = circle(sheet("ب"), 130, 170)
    assert remove_rings(disc) is disc
