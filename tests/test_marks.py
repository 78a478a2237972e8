"""Dots and strokes stay; specks, strays, form lines and the table around the paper go."""

import time

import cv2
import numpy as np
import pytest

from recognizer import to_ink
from recognizer.strokes import strokes_to_ink
from tests.hand import by_hand, letters
from tests.inks import colored, drawn, overlap, pieces
from tests.pictures import Pixels

DOTTED = [letter for letter in letters() if letter in "بتثجخفقني"]


def scanned(letter: str, pen: float) -> Pixels:
    return black(drawn(letter, 100, pen))


def black(ink: Pixels) -> Pixels:
    """The ink as a scanner gives it that knows black and white only."""
    return np.where(ink >= 128, 255, 0).astype(np.uint8)


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
    alone = strokes_to_ink([[300, 450, 700, 450]], size=256, pen_width=0.05)
    stray = strokes_to_ink([[400, 300, 400, 0]], size=256, pen_width=0.05)
    stray[55:] = 0
    assert np.array_equal(to_ink(255 - np.maximum(alone, stray)), to_ink(255 - alone))


@pytest.mark.parametrize("letter", "غخف")
def test_a_dot_written_as_a_short_line_stays_far_above_its_letter_at_the_edge(letter: str) -> None:
    body = strokes_to_ink(by_hand(letter)[:1], size=256, pen_width=0.04)
    rows, columns = np.nonzero(body)
    size = max(np.ptp(rows), np.ptp(columns))
    picture = np.zeros_like(body)
    top = 10 + round(0.35 * size)
    picture[top : top + np.ptp(rows) + 1] = body[rows.min() : rows.max() + 1]
    middle = round(columns.mean())
    picture[:10, middle - 15 : middle + 15] = 255  # three times as long as the pen is wide
    assert pieces(to_ink(255 - picture)) == 2


@pytest.mark.parametrize("letter", "عحسط")
@pytest.mark.parametrize("side", [-1, 1])
def test_a_blot_far_to_a_side_is_no_dot(letter: str, side: int) -> None:
    paths = [[500 + (n - 500) / 3 for n in path] for path in by_hand(letter)]
    alone = strokes_to_ink(paths, size=512, pen_width=0.02)
    blotted = cv2.circle(alone.copy(), (256 + 230 * side, 230), 6, 255, cv2.FILLED)
    assert pieces(to_ink(255 - blotted)) == pieces(alone)
    assert overlap(to_ink(255 - blotted), alone) > 0.97


@pytest.mark.parametrize("letter", "بحع")
def test_the_holes_of_a_binder_are_no_dots(letter: str) -> None:
    paths = [[500 + (n - 500) / 2 for n in path] for path in by_hand(letter)]
    alone = strokes_to_ink(paths, size=512, pen_width=0.02)
    punched = alone.copy()
    for y in range(30, 512, 60):
        cv2.circle(punched, (20, y), 7, 255, cv2.FILLED)
    assert overlap(to_ink(255 - punched), alone) > 0.97


@pytest.mark.parametrize("dash", [60, 90, 120])
def test_a_dash_above_a_flat_body_as_wide_as_its_picture_is_its_dots(dash: int) -> None:
    picture = np.full((200, 300), 255, np.uint8)
    cv2.line(picture, (8, 122), (292, 122), 20, 16)
    cv2.line(picture, (150 - dash // 2, 50), (150 + dash // 2, 46), 20, 16)
    assert pieces(to_ink(picture)) == 2


@pytest.mark.parametrize("letter", "خفزذن")
def test_a_dot_stays_however_far_above_its_letter_it_is(letter: str) -> None:
    body, (x, _) = by_hand(letter)[0], by_hand(letter)[1][:2]
    paths = [[400 + n / 3 if at % 2 else n / 3 for at, n in enumerate(body)], [x / 3, 60]]
    assert pieces(to_ink(255 - strokes_to_ink(paths, size=512, pen_width=0.02))) == 2


@pytest.mark.parametrize("size", [60, 100, 400])
@pytest.mark.parametrize("letter", letters())
def test_a_picture_cut_out_along_its_letter_keeps_every_dot(letter: str, size: int) -> None:
    ink = drawn(letter, size, 0.035)
    x, y, width, height = cv2.boundingRect((ink > 0).view(np.uint8))
    cut_out = to_ink(255 - ink[y : y + height, x : x + width])
    assert pieces(cut_out) == pieces(ink)
    assert overlap(cut_out, ink) > 0.97


@pytest.mark.parametrize("quality", [40, 60, 80])
@pytest.mark.parametrize("letter", [*DOTTED, *"احدرسصعلمهو"])
def test_the_ripples_of_a_small_jpeg_are_no_dots(letter: str, quality: int) -> None:
    ink = scanned(letter, 0.022)
    jpeg = cv2.imencode(".jpg", 255 - ink, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    found = to_ink(cv2.imdecode(jpeg, cv2.IMREAD_GRAYSCALE))
    assert pieces(found) == pieces(ink)
    assert overlap(found, ink) > 0.97


@pytest.mark.parametrize("letter", [*DOTTED, "ح", "ش"])
def test_dust_on_a_small_scan_goes_and_its_dots_stay(letter: str) -> None:
    ink = scanned(letter, 0.025)
    is_dust = np.random.default_rng(5).random(ink.shape) < 0.002
    is_dust[:, 1:] |= is_dust[:, :-1]  # two pixels wide
    is_dust &= cv2.dilate(ink, np.ones((5, 5), np.uint8)) == 0
    found = to_ink(np.where(is_dust, 0, 255 - ink).astype(np.uint8))
    assert pieces(found) == pieces(ink)
    assert overlap(found, ink) > 0.97


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
        started = time.process_time()
        to_ink(picture)
        seconds[name] = time.process_time() - started
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


def test_what_is_paler_than_any_dot_or_far_from_the_letter_does_not_become_a_dot() -> None:
    scan = np.zeros((32, 32), np.uint8)
    scan[20:23, 8:20] = 255
    scan[16, 14], scan[2, 28] = 20, 60
    assert (to_ink(255 - scan) <= scan).all()
