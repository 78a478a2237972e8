"""Frames: the box of a form goes, the letter in it stays and is read."""

import cv2
import numpy as np
import pytest

from recognizer import Recognizer, to_ink
from recognizer.frame import remove_frame, remove_sides
from recognizer.ink import crop_to_ink
from recognizer.strokes import strokes_to_ink
from tests.hand import by_hand, letters
from tests.inks import drawn, overlap
from tests.pictures import Pixels, on_paper


def small(letter: str, size: int) -> Pixels:
    """Ink of the letter, smaller than a person would write it, in the middle."""
    strokes = [[150 + 0.7 * value for value in path] for path in by_hand(letter)]
    return strokes_to_ink(strokes, size=size, pen_width=0.03)


def with_sides(ink: Pixels, which: str, *, inset: int, thickness: int) -> Pixels:
    """Dark on light, with lines along some sides, each from edge to edge of the picture."""
    lines = np.zeros_like(ink)
    sides = {"upper": lines, "lower": lines[::-1], "left": lines.T, "right": lines.T[::-1]}
    for name in which.split():
        sides[name][inset : inset + thickness] = 235
    return 255 - np.maximum(ink, lines)


def framed(ink: Pixels, inset: float, *, tilt: float = 0.0, thickness: float = 0.01) -> Pixels:
    """Dark on light, in a box that is that share of the side from the edges."""
    size = ink.shape[0]
    corner = round(inset * size)
    box = np.zeros_like(ink)
    line = max(1, round(thickness * size))
    cv2.rectangle(box, (corner, corner), (size - 1 - corner, size - 1 - corner), 190, line)
    turn = cv2.getRotationMatrix2D((size / 2, size / 2), tilt, 1)
    return 255 - np.maximum(ink, cv2.warpAffine(box, turn, (size, size)))


@pytest.mark.parametrize("size", [48, 64, 300])
@pytest.mark.parametrize(("inset", "tilt"), [(0.0, 0.0), (0.03, 0.0), (0.1, 0.0), (0.1, 3.0)])
def test_a_letter_in_a_box_is_read(
    recognizer: Recognizer, size: int, inset: float, tilt: float
) -> None:
    pictures = [framed(small(letter, size), inset, tilt=tilt) for letter in letters()]
    read = [prediction.letter for prediction in recognizer.recognize_many(pictures)]
    wrong = [letter for letter, answer in zip(letters(), read, strict=True) if letter != answer]
    # A thin tilted line in so small a picture is steps of faint pixels, and one may stay.
    assert len(wrong) <= (1 if tilt and size < 100 else 0), wrong


@pytest.mark.parametrize("letter", letters())
def test_of_a_box_nothing_stays_and_of_the_letter_nothing_goes(letter: str) -> None:
    ink = small(letter, 300)
    assert overlap(to_ink(framed(ink, 0.1)), ink) > 0.99


@pytest.mark.parametrize("size", [128, 300])
def test_boxes_of_dashes_and_with_round_corners_go_too(recognizer: Recognizer, size: int) -> None:
    start, end, dash = size // 15, size - size // 15, size // 30
    dashed = np.zeros((size, size), np.uint8)
    for place in range(start, end - dash, 2 * dash):
        for line in (start, end):
            cv2.line(dashed, (place, line), (place + dash, line), 190, 2)
            cv2.line(dashed, (line, place), (line, place + dash), 190, 2)
    round_box = [170, 70, 830, 70, 903, 97, 930, 170, 930, 830, 903, 903, 830, 930]
    round_box += [170, 930, 97, 903, 70, 830, 70, 170, 97, 97, 170, 70]
    rounded = strokes_to_ink([round_box], size=size, pen_width=0.01)
    for box in (dashed, rounded):
        pictures = [255 - np.maximum(small(letter, size), box) for letter in letters()]
        read = recognizer.recognize_many(pictures)
        assert [prediction.letter for prediction in read] == list(letters())


def selected(ink: Pixels, *, dashed: bool, hollow: bool, knob: bool) -> Pixels:
    """Dark on light, as programs show what is selected: a thin box with a handle at each side."""
    size = len(ink)
    start, middle, end = size // 7, size // 2, size - size // 7
    shown = 255 - ink
    for place in range(start, end, 12):
        last = min(place + (6 if dashed else 12), end)
        for line in (start, end):
            cv2.line(shown, (place, line), (last, line), 100, 1)
            cv2.line(shown, (line, place), (line, last), 100, 1)
    places = [(x, y) for x in (start, middle, end) for y in (start, middle, end)]
    if knob:
        places.append((middle, start - 30))
        cv2.line(shown, (middle, start - 30), (middle, start), 100, 1)
    for x, y in places:
        if (x, y) == (middle, middle):
            continue
        if hollow:
            cv2.circle(shown, (x, y), 6, 255, -1, cv2.LINE_AA)
            cv2.circle(shown, (x, y), 6, 100, 2, cv2.LINE_AA)
        else:
            cv2.rectangle(shown, (x - 5, y - 5), (x + 5, y + 5), 100, -1)
    return shown


@pytest.mark.parametrize("dashed", [False, True])
@pytest.mark.parametrize(("hollow", "knob"), [(False, False), (True, False), (True, True)])
def test_what_is_selected_in_a_drawing_program_is_read(
    recognizer: Recognizer, dashed: bool, hollow: bool, knob: bool
) -> None:
    read = {}
    for letter in letters():
        ink = np.zeros((480, 480), np.uint8)
        ink[120:360, 120:360] = drawn(letter, 240, 0.04)
        shown = selected(ink, dashed=dashed, hollow=hollow, knob=knob)
        read[letter] = recognizer.recognize(shown).letter
    assert {letter: answer for letter, answer in read.items() if answer != letter} == {}


@pytest.mark.parametrize("letter", "بتثخزفن")
def test_dots_beside_the_middle_of_a_box_are_no_handles(letter: str) -> None:
    ink = strokes_to_ink(grown(by_hand(letter)), size=300, pen_width=0.04)
    assert overlap(to_ink(framed(ink, 0.08)), ink) > 0.98


def grown(strokes: list[list[float]]) -> list[list[float]]:
    """As large as a box holds that is 0.1 of the surface from its edges."""
    paths = [np.reshape(path, (-1, 2)) for path in strokes]
    start, end = np.vstack(paths).min(axis=0), np.vstack(paths).max(axis=0)
    scale = 700 / (end - start).max()
    return [(500 + scale * (path - (start + end) / 2)).ravel().tolist() for path in paths]


def test_a_letter_that_touches_its_box_keeps_its_end() -> None:
    ink = np.zeros((200, 200), np.uint8)
    cv2.line(ink, (60, 21), (140, 120), 255, 6)
    found = to_ink(framed(ink, 0.1))
    assert found[24:40, 60:80].max() == 255
    assert overlap(found, ink) > 0.95


def test_a_box_on_a_photo_goes(recognizer: Recognizer) -> None:
    photo = on_paper("ج")
    cv2.rectangle(photo, (40, 50), (600, 590), (70, 68, 66), 4)
    assert recognizer.recognize(photo).letter == "ج"


def test_what_is_left_of_a_box_goes_in_the_shade_too(recognizer: Recognizer) -> None:
    shade = np.linspace(0.8, 0.35, 400)
    inks = [small(letter, 400) for letter in letters()]
    sheets = [with_sides(ink, "left lower", inset=12, thickness=8) for ink in inks]
    read = recognizer.recognize_many([(sheet * shade).astype(np.uint8) for sheet in sheets])
    assert [prediction.letter for prediction in read] == list(letters())


def test_a_box_with_nothing_or_only_a_dot_in_it_is_what_was_drawn() -> None:
    box = [200, 200, 800, 200, 800, 800, 200, 800, 200, 200]
    for strokes in ([box], [box, [500, 500]]):
        ink = strokes_to_ink(strokes, size=200, pen_width=0.02)
        assert remove_frame(ink) is ink


def test_a_closed_letter_around_its_dots_is_no_box_for_its_sides_are_not_straight() -> None:
    bowl = [200, 200, 500, 235, 800, 200, 765, 500, 800, 800, 500, 765, 200, 800, 235, 500]
    bowl += [200, 200]
    ink = strokes_to_ink([bowl, [380, 480, 620, 500]], size=200, pen_width=0.02)
    assert remove_frame(ink) is ink


@pytest.mark.parametrize(("size", "inset", "thickness"), [(48, 0, 1), (64, 3, 2), (300, 9, 4)])
@pytest.mark.parametrize(
    "which",
    [
        "lower",
        "upper",
        "left",
        "right",
        "left lower",
        "upper right",
        "upper left lower",
        "upper lower left right",
    ],
)
def test_a_letter_beside_what_is_left_of_its_box_is_read(
    recognizer: Recognizer, which: str, size: int, inset: int, thickness: int
) -> None:
    inks = [small(letter, size) for letter in letters()]
    pictures = [with_sides(ink, which, inset=inset, thickness=thickness) for ink in inks]
    for picture, ink in zip(pictures, inks, strict=True):
        assert not to_ink(picture)[ink == 0].any()
    read = [prediction.letter for prediction in recognizer.recognize_many(pictures)]
    assert read == list(letters())


def test_a_letter_may_be_small_beside_what_is_left_of_its_box(recognizer: Recognizer) -> None:
    for letter in letters():
        strokes = [[450 + 0.2 * value for value in path] for path in by_hand(letter)]
        ink = strokes_to_ink(strokes, size=300, pen_width=0.012)
        picture = with_sides(ink, "left lower", inset=9, thickness=4)
        assert recognizer.recognize(picture).letter == letter


@pytest.mark.parametrize(("size", "thickness"), [(48, 3), (64, 5), (100, 8), (200, 4)])
def test_a_box_that_is_all_of_the_border_is_not_taken_for_the_paper(
    recognizer: Recognizer, size: int, thickness: int
) -> None:
    box, inks = "upper lower left right", [small(letter, size) for letter in letters()]
    pictures = [with_sides(ink, box, inset=0, thickness=thickness) for ink in inks]
    read = [prediction.letter for prediction in recognizer.recognize_many(pictures)]
    assert read == list(letters())


@pytest.mark.parametrize("size", [64, 200])
@pytest.mark.parametrize("letter", letters())
def test_a_letter_that_was_cut_out_along_its_ink_has_no_box(letter: str, size: int) -> None:
    ink = crop_to_ink(drawn(letter, size=size))
    assert remove_sides(ink) is ink


@pytest.mark.parametrize("letter", ["beh", "teh with a dash", "kaf", "thal"])
def test_straight_lines_of_a_letter_that_was_cut_out_are_its_own(letter: str) -> None:
    ink = np.zeros((100, 200), np.uint8)
    ink[-8:] = 255
    if letter == "beh":
        ink = np.ascontiguousarray(ink[::-1])
        ink[70:84, 94:108] = 255
    elif letter == "teh with a dash":
        ink[:8, 60:140] = 255
    elif letter == "kaf":
        ink[:, -8:] = 255
        hamza = np.array([[120, 25], [85, 35], [115, 50], [80, 65]])
        cv2.polylines(ink, [hamza], False, 255, 8)
    else:
        cv2.line(ink, (120, 30), (195, 95), 255, 8)
        ink[:10, 60:70] = 255
    assert remove_sides(ink) is ink


def test_the_dark_edge_of_a_scanner_is_no_kaf_around_a_large_letter(
    recognizer: Recognizer,
) -> None:
    for letter in "حعم":
        scan = np.zeros((300, 300), np.uint8)
        scan[20:276, 14:270] = drawn(letter, size=256, pen=0.04)
        scan[-9:] = scan[:, -9:] = 255
        assert recognizer.recognize(255 - scan).letter == letter


def test_a_line_that_the_letter_touches_may_be_its_own() -> None:
    ink = small("ع", 200)
    ink[190:193] = 255
    ink[100:193, 98:102] = 255
    assert remove_sides(ink) is ink
