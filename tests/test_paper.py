"""Ink apart from paper: any pen, any paper, and no ink at all."""

import cv2
import numpy as np
import pytest

from recognizer import EmptyDrawingError, to_ink
from recognizer.strokes import strokes_to_ink
from tests.hand import by_hand, letters
from tests.inks import colored, differ, drawn, on_sheet, overlap, pieces
from tests.pictures import Color, Pixels, lit, ruled


@pytest.mark.parametrize("letter", letters())
def test_dark_on_light_light_on_dark_and_transparent_paper_give_the_same_ink(letter: str) -> None:
    ink = drawn(letter)
    black_on_nothing = np.dstack([np.zeros((*ink.shape, 3), np.uint8), ink])
    white_on_nothing = np.dstack([np.full((*ink.shape, 3), 255, np.uint8), ink])
    for picture in (255 - ink, ink, black_on_nothing, white_on_nothing):
        assert differ(to_ink(picture), ink) == 0


def test_a_small_scan_with_soft_edges_keeps_its_greys() -> None:
    for letter in letters():
        scan = cv2.resize(drawn(letter, 320, 0.08), (48, 48), interpolation=cv2.INTER_AREA)
        scan = np.rint(scan * (255 / scan.max())).astype(np.uint8)
        assert differ(to_ink(scan), scan) == 0


def test_a_faint_scan_is_stretched_to_full_ink() -> None:
    faint = (drawn() * 0.4).astype(np.uint8)
    assert differ(to_ink(faint), drawn()) <= 3


@pytest.mark.parametrize(
    "paper, pen",
    [
        ((250, 240, 120), (40, 60, 200)),
        ((60, 160, 60), (214, 80, 60)),  # as bright as the paper, another colour
        ((20, 20, 90), (250, 250, 250)),
        ((245, 245, 245), (190, 190, 190)),
        ((255, 255, 255), (255, 220, 0)),
        ((0, 0, 0), (90, 0, 0)),
    ],
)
def test_a_pen_of_any_colour_on_paper_of_any_colour_gives_the_same_ink(
    paper: Color, pen: Color
) -> None:
    assert differ(to_ink(colored(drawn(), paper, pen)), drawn()) <= 6


@pytest.mark.parametrize("pen", [(255, 0, 0), (0, 90, 255), (250, 210, 0)])
def test_dots_of_another_colour_stay(pen: Color) -> None:
    body, both = (strokes_to_ink(paths, size=200) for paths in (by_hand("ث")[:1], by_hand("ث")))
    dots = both - body
    picture = on_sheet(colored(body, (255, 255, 255), (0, 0, 0)), dots, pen)
    assert pieces(to_ink(picture)) == pieces(np.maximum(body, dots)) == 4
    on_nothing = np.zeros((200, 200, 4), np.uint8)
    on_nothing[:, :, 3] = np.maximum(body, dots)
    on_nothing[dots > 0, :3] = pen
    assert pieces(to_ink(on_nothing)) == 4


def test_paper_is_found_though_the_letter_touches_the_edges() -> None:
    thick = drawn("ب", 300, 0.12)
    rows, columns = np.nonzero(thick >= 64)
    tight = thick[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    for picture in (tight, 255 - tight):
        assert overlap(to_ink(picture), tight) > 0.99


# An alef that is cut out fills its picture: nothing is left to tell ink from paper.
@pytest.mark.parametrize("letter", [letter for letter in letters() if letter != "ا"])
def test_a_small_scan_that_was_cut_out_and_enlarged_is_no_photo(letter: str) -> None:
    scan = cv2.resize(drawn(letter, 320, 0.08), (32, 32), interpolation=cv2.INTER_AREA)
    rows, columns = np.nonzero(scan >= 64)
    cut = scan[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    large = cv2.resize(cut, None, fx=11, fy=11, interpolation=cv2.INTER_CUBIC)
    assert overlap(to_ink(255 - large), large) > 0.99


def test_round_corners_and_holes_in_a_sheet_are_no_ink() -> None:
    ink = drawn()
    disc = cv2.circle(np.zeros_like(ink), (100, 100), 99, 255, cv2.FILLED)
    for paper, pen in (((255, 255, 255), (0, 0, 0)), ((20, 40, 60), (240, 240, 200))):
        card = np.dstack([colored(ink, paper, pen), disc])
        assert overlap(to_ink(card), ink) > 0.99


def noise(mean: float, deviation: float, size: int = 200) -> Pixels:
    values = np.random.default_rng(7).normal(mean, deviation, (size, size))
    return np.asarray(values.clip(0, 255), np.uint8)


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((64, 64), np.uint8),
        np.full((64, 64, 3), 255, np.uint8),
        np.full((300, 200, 3), (200, 180, 40), np.uint8),
        np.zeros((64, 64, 4), np.uint8),
        np.zeros((40, 40), np.float32),
        noise(230, 2),
        noise(230, 5, 700),
        noise(128, 10, 100),
        np.dstack([noise(200, 3)] * 3),
        ruled(512, (170, 200, 240)),
        lit(np.full((512, 512, 3), 235, np.uint8), np.linspace(0.5, 1, 512) * np.ones((512, 1))),
        np.tile(np.linspace(120, 250, 300).astype(np.uint8), (300, 1)),
    ],
)
def test_a_picture_without_ink_is_refused(picture: Pixels) -> None:
    with pytest.raises(EmptyDrawingError, match="draw one letter"):
        to_ink(picture)


def test_a_thin_alef_cut_out_along_its_line_is_no_noise() -> None:
    picture = np.full((32, 3), 255, np.uint8)
    picture[np.arange(32), [0] * 4 + [1] * 24 + [2] * 4] = 0
    assert np.array_equal(to_ink(picture), 255 - picture)
