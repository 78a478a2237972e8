"""Ink apart from paper: any pen, any paper, any light."""

import time
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from recognizer import (
    EmptyDrawingError,
    Recognizer,
    to_ink,
)
from recognizer.strokes import strokes_to_ink
from tests.hand import by_hand, letters
from tests.inks import colored, differ, drawn, on_sheet, overlap, pieces
from tests.pictures import Color, Pixels, on_board, on_paper, on_screen

DOTTED = [letter for letter in letters() if letter in "بتثجخفقني"]


# Clean pictures keep every grey of the edges.


@pytest.mark.parametrize("letter", letters())
def test_dark_on_light_light_on_dark_and_transparent_paper_give_the_same_ink(letter: str) -> None:
    ink = drawn(letter)
    black_on_nothing = np.dstack([np.zeros((*ink.shape, 3), np.uint8), ink])
    white_on_nothing = np.dstack([np.full((*ink.shape, 3), 255, np.uint8), ink])
    for picture in (255 - ink, ink, black_on_nothing, white_on_nothing):
        assert differ(to_ink(picture), ink) == 0


def test_a_small_scan_with_soft_edges_keeps_its_greys() -> None:
    for letter in letters():
        scan = cv2.resize(drawn(letter, 320, 0.08), (32, 32), interpolation=cv2.INTER_AREA)
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
    body, dots = (strokes_to_ink(paths, size=200) for paths in (by_hand("ث")[:1], by_hand("ث")[1:]))
    picture = on_sheet(colored(body, (255, 255, 255), (0, 0, 0)), dots, pen)
    assert pieces(to_ink(picture)) == pieces(np.maximum(body, dots)) == 4
    on_nothing = np.zeros((200, 200, 4), np.uint8)
    on_nothing[:, :, 3] = np.maximum(body, dots)
    on_nothing[dots > 0, :3] = pen
    assert pieces(to_ink(on_nothing)) == 4


def test_a_form_line_at_the_edge_of_a_scan_is_no_part_of_the_letter() -> None:
    scan = np.full((32, 32), 255, np.uint8)
    scan[14:17, 6:20] = scan[10:12, 13:15] = 0  # a line and a dot above it
    alone = to_ink(scan)
    scan[3:30, 31] = scan[31, 2:9] = 40
    assert np.array_equal(to_ink(scan), alone)


def test_a_pale_form_line_close_to_the_letter_is_no_part_of_it() -> None:
    scan = np.full((32, 32), 255, np.uint8)
    scan[24:28, 6:26] = 0
    alone = to_ink(scan)
    scan[31, 4:12] = scan[31, 15:18] = 160
    assert np.array_equal(to_ink(scan), alone)


def test_a_dot_that_the_edge_touches_stays_with_its_letter() -> None:
    scan = np.full((32, 32), 255, np.uint8)
    scan[8:10, 4:28] = scan[0:3, 15:18] = 0
    assert to_ink(scan)[1, 16] == 255


@pytest.mark.parametrize("letter", "ذزفن")
@pytest.mark.parametrize("gap", [0.3, 0.5])
def test_a_dot_tapped_far_from_its_letter_stays_even_at_the_edge(letter: str, gap: float) -> None:
    body = strokes_to_ink(by_hand(letter)[:1], size=256, pen_width=0.05)
    rows, columns = np.nonzero(body)
    size = max(np.ptp(rows), np.ptp(columns))
    picture = np.zeros_like(body)
    top = 8 + round(gap * size)  # the dot is 12 pixels wide, and the edge cuts it
    picture[top : top + np.ptp(rows) + 1] = body[rows.min() : rows.max() + 1]
    cv2.circle(picture, (round(columns.mean()), 2), 6, 255, cv2.FILLED, cv2.LINE_AA)
    assert pieces(to_ink(255 - picture)) == 2


def test_a_stray_at_the_edge_that_is_longer_than_a_dot_goes_where_a_dot_would_stay() -> None:
    alone = strokes_to_ink([[300, 300, 700, 300]], size=256, pen_width=0.05)
    stray = strokes_to_ink([[400, 300, 400, 0]], size=256, pen_width=0.05)
    stray[30:] = 0
    assert np.array_equal(to_ink(255 - np.maximum(alone, stray)), to_ink(255 - alone))


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


# Photos.


@pytest.mark.parametrize("letter", letters())
@pytest.mark.parametrize("picture", [on_paper, lambda x: on_paper(x, ruled=True), on_board])
def test_a_photo_keeps_the_letter_with_its_dots_and_nothing_else_and_is_read(
    recognizer: Recognizer, letter: str, picture: Callable[[str], Pixels]
) -> None:
    ink = to_ink(picture(letter))
    assert pieces(ink) == pieces(to_ink(on_screen(letter)))
    assert recognizer.recognize_ink(ink).letter == letter


def lit(picture: Pixels, light: NDArray[np.float64], noise: float = 3) -> Pixels:
    grain = np.random.default_rng(5).normal(0, noise, picture.shape)
    return np.asarray((picture * light[:, :, None] + grain).clip(0, 255), np.uint8)


def shadow(size: int, softness: float) -> NDArray[np.float64]:
    """The shadow of something straight, across a corner of the picture."""
    y, x = np.mgrid[:size, :size]
    inside = (x + 0.6 * y > 0.75 * size).astype(np.float64)
    return np.asarray(1 - 0.45 * cv2.GaussianBlur(inside, (0, 0), softness))


@pytest.mark.parametrize("softness", [1.5, 8, 40])
@pytest.mark.parametrize("letter", ["ث", "س"])
def test_a_shadow_across_the_letter_goes(letter: str, softness: float) -> None:
    ink = drawn(letter, 512, 0.03)
    photo = lit(colored(ink, (235, 230, 220), (50, 50, 60)), shadow(512, softness))
    assert overlap(to_ink(photo), ink) > 0.95
    assert pieces(to_ink(photo)) == pieces(ink)


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


def ruled(size: int, color: Color, *, tilt: float = 0, squared: bool = False) -> Pixels:
    sheet = np.full((size, size, 3), (250, 250, 245), np.uint8)
    shift = round(size * np.tan(np.deg2rad(tilt)))
    for at in range(size // 20 - abs(shift), size + abs(shift), size // 11):
        cv2.line(sheet, (0, at), (size, at - shift), color, 2, cv2.LINE_AA)
        if squared:
            cv2.line(sheet, (at, 0), (at + shift, size), color, 2, cv2.LINE_AA)
    return sheet


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


@pytest.mark.parametrize("letter", letters())
def test_a_long_stroke_of_a_letter_is_no_ruled_line(letter: str) -> None:
    ink = drawn(letter, 300, 0.04)
    rows, columns = np.nonzero(ink >= 64)
    tight = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    assert overlap(to_ink(255 - tight), ink) > 0.99


def test_the_table_around_the_paper_goes() -> None:
    ink = drawn("ب", 512, 0.035)
    photo = np.full((512, 512, 3), (110, 80, 50), np.uint8)
    photo[30:480, 60:500] = colored(ink, (225, 222, 215), (40, 40, 60))[30:480, 60:500]
    assert overlap(to_ink(photo), ink) > 0.95
    beside = colored(ink, (225, 222, 215), (40, 40, 60))
    beside[:, :60] = (110, 80, 50)
    assert overlap(to_ink(beside), ink) > 0.95


def test_specks_go() -> None:
    ink = drawn("ح", 300)
    specks = np.random.default_rng(3).random(ink.shape) < 0.002
    cleaned = to_ink(np.where(specks, 0, 255 - ink).astype(np.uint8))
    assert pieces(cleaned) == 1
    assert overlap(cleaned, ink) > 0.99


def test_thousands_of_specks_keep_nobody_waiting() -> None:
    clean = 255 - drawn("ث", 1024, 0.04)
    random = np.random.default_rng(1)
    is_speck = random.random(clean.shape) < 0.02
    noisy = np.where(is_speck, random.integers(0, 255, clean.shape), clean).astype(np.uint8)
    seconds = {}
    for name, picture in {"clean": clean, "noisy": noisy}.items():
        started = time.perf_counter()
        to_ink(picture)
        seconds[name] = time.perf_counter() - started
    assert seconds["noisy"] < 40 * seconds["clean"]  # it was 500 times


@pytest.mark.parametrize("letter", DOTTED)
@pytest.mark.parametrize("size", [48, 100, 300])
def test_dots_never_go_even_when_they_are_half_as_wide_as_the_pen(letter: str, size: int) -> None:
    body = strokes_to_ink(by_hand(letter)[:1], size=size, pen_width=0.06)
    picture = body.copy()
    for x, y in by_hand(letter)[1:]:
        center = (round(x / 1000 * size * 16), round(y / 1000 * size * 16))
        radius = round(0.06 * size / 4 * 16)
        cv2.circle(picture, center, radius, 255, cv2.FILLED, cv2.LINE_AA, 4)
    inked = (to_ink(255 - picture) >= 48).view(np.uint8)
    expected = (picture >= 48).view(np.uint8)
    assert cv2.connectedComponents(inked)[0] == cv2.connectedComponents(expected)[0]


@pytest.mark.parametrize("letter", [letter for letter in DOTTED if letter != "ب"])
def test_dots_smaller_than_a_pixel_of_a_scan_count_as_ink(letter: str) -> None:
    scan = strokes_to_ink(by_hand(letter)[:1], size=32, pen_width=0.04)
    dots = by_hand(letter)[1:]
    for x, y in dots:  # a third of a pixel, spread over two
        row, column = round(y * 0.032), round(x * 0.032)
        assert not scan[row - 1 : row + 2, column - 1 : column + 2].any()
        scan[row, column], scan[row - 1, column] = 50, 30
    assert pieces(to_ink(255 - scan)) == 1 + len(dots)


def test_what_is_paler_than_any_dot_or_far_from_the_letter_is_left_pale() -> None:
    scan = np.zeros((32, 32), np.uint8)
    scan[20:23, 8:20] = 255
    scan[16, 14], scan[2, 28] = 20, 60
    assert np.array_equal(to_ink(255 - scan), scan)


# No ink.


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
