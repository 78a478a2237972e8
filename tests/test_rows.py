"""What an app or a work sheet shows around a letter goes; dots, words and broken letters stay."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from recognizer import Recognizer
from recognizer.rows import remove_rows
from recognizer.strokes import strokes_to_ink
from tests.hand import by_hand, letters
from tests.inks import colored, drawn
from tests.pictures import Pixels, lit

SCREEN = (1100, 540)  # pixels, height and width, of a phone
FONT = cv2.FONT_HERSHEY_SIMPLEX


def write(page: Pixels, text: str, x: int, y: int, size: float = 0.8) -> None:
    cv2.putText(page, text, (x, y), FONT, size, 255, 2, cv2.LINE_AA)


def lay(page: Pixels, letter: str, side: int, x: int, y: int, pen: float = 0.04) -> None:
    ink = drawn(letter, side, pen)
    np.maximum(page[y : y + side, x : x + side], ink, out=page[y : y + side, x : x + side])


def phone(letter: str, *, tools: bool = True) -> Pixels:
    """The ink of an app's window: clock and battery, back and done, pens, a bar to swipe at."""
    page = np.zeros(SCREEN, np.uint8)
    write(page, "9:41", 30, 40)
    cv2.rectangle(page, (470, 22), (510, 40), 255, 2)
    if tools:
        write(page, "< Notes", 20, 100)
        write(page, "Done", 450, 100)
        for number in range(6):
            cv2.circle(page, (45 + 90 * number, 1025), 24, 255, (-1, 4)[number % 2])
    cv2.line(page, (200, 1086), (340, 1086), 255, 5)
    lay(page, letter, 360, 100, 380)
    return page


def window(letter: str) -> Pixels:
    """The ink of a drawing program's window: menu, two columns of tools, colours, a sentence."""
    page = np.zeros((800, 1280), np.uint8)
    for number, name in enumerate(("File", "Edit", "View", "Image", "Help")):
        write(page, name, 15 + 90 * number, 30, 0.7)
    for number in range(20):
        x, y = 10 + 40 * (number % 2), 80 + 40 * (number // 2)
        cv2.rectangle(page, (x, y), (x + 30, y + 30), 200, 2)
    for number in range(16):
        x = 150 + 40 * number
        cv2.rectangle(page, (x, 740), (x + 30, 770), 255 - 14 * number, -1)
    write(page, "125, 300px", 1100, 790, 0.5)
    lay(page, letter, 420, 500, 200)
    return page


def work_sheet(letter: str) -> Pixels:
    """The ink of a page to practise on: name and date, what to do, the page's number."""
    page = np.zeros((1000, 750), np.uint8)
    write(page, "Name: ___________   Date: _____", 40, 70, 0.9)
    write(page, "Write the letter in your own hand", 60, 160)
    write(page, "page 12", 330, 970, 0.7)
    lay(page, letter, 400, 200, 350)
    return page


@pytest.mark.parametrize("letter", letters())
@pytest.mark.parametrize("page", [phone, window, work_sheet])
def test_a_letter_among_what_is_shown_around_it_is_read(
    recognizer: Recognizer, page: Callable[[str], Pixels], letter: str
) -> None:
    assert recognizer.recognize(255 - page(letter)).letter == letter


@pytest.mark.parametrize(
    ("paper", "pen"), [((18, 18, 20), (235, 235, 235)), ((250, 246, 230), (30, 40, 90))]
)
def test_so_it_is_by_night_and_in_colour(
    recognizer: Recognizer, paper: tuple[int, int, int], pen: tuple[int, int, int]
) -> None:
    for letter in "اذيهك":
        assert recognizer.recognize(colored(phone(letter), paper, pen)).letter == letter
        bare = phone(letter, tools=False)
        assert recognizer.recognize(colored(bare, paper, pen)).letter == letter


def test_so_it_is_on_a_photo_of_a_work_sheet(recognizer: Recognizer) -> None:
    fading = np.tile(np.linspace(1, 0.65, 750), (1000, 1))
    for letter in "بسعن":
        page = colored(work_sheet(letter), (250, 248, 240), (40, 40, 60))
        assert recognizer.recognize(lit(page, fading)).letter == letter


def test_a_letter_hardly_larger_than_the_icons_is_read(recognizer: Recognizer) -> None:
    for letter in letters():
        page = phone("ا")
        page[120:980] = 0
        lay(page, letter, 160, 60, 600)
        assert recognizer.recognize(255 - page).letter == letter


def test_a_screen_without_a_letter_is_not_wiped_blank() -> None:
    page = phone("ا")
    page[:980] = 0
    page[1050:] = 0  # pens alone, from side to side
    assert np.array_equal(remove_rows(page), page)


def test_a_number_in_the_corner_is_no_dot(recognizer: Recognizer) -> None:
    for letter in "جصشد":
        page = np.zeros((1000, 700), np.uint8)
        write(page, "1)", 40, 80, 1.0)
        lay(page, letter, 450, 200, 400)
        assert recognizer.recognize(255 - page).letter == letter


def test_dots_drawn_as_dashes_by_a_lighter_hand_stay() -> None:
    for letter, above in (("ت", -40), ("ي", 230)):
        page = np.zeros((480, 480), np.uint8)
        ink = strokes_to_ink(by_hand(letter)[:1], pen_width=0.08, size=230)
        page[140:370, 125:355] = ink
        y = 140 + above
        cv2.line(page, (200, y), (270, y), 255, 2, cv2.LINE_AA)
        assert np.array_equal(remove_rows(page), page), letter


@pytest.mark.parametrize("away", [20, 90, 180])
def test_dots_far_above_or_below_stay(away: int) -> None:
    for letter, below in (("ز", False), ("ب", True), ("ث", False)):
        body, *dots = drawn_apart(letter)
        page = np.zeros((1100, 700), np.uint8)
        page[400:800, 150:550] = body
        for dot in dots:
            shift = away if below else -away
            page[400 + shift : 800 + shift, 150:550] |= dot
        assert np.array_equal(remove_rows(page), page)


def drawn_apart(letter: str) -> list[Pixels]:
    """The ink of each stroke of a letter, (400, 400) each."""
    return [strokes_to_ink([path], size=400, pen_width=0.05) for path in by_hand(letter)]


def test_words_and_letters_beside_one_another_stay(recognizer: Recognizer) -> None:
    page = np.zeros((600, 1200), np.uint8)
    for number, letter in enumerate("بتس"):
        lay(page, letter, 330, 800 - 370 * number, 130)
    assert np.array_equal(remove_rows(page), page)
    assert recognizer.recognize(255 - page).verdict == "not_a_letter"
    below = np.zeros((1200, 700), np.uint8)
    lay(below, "م", 400, 150, 60)
    lay(below, "ع", 400, 150, 700)
    assert np.array_equal(remove_rows(below), below)


def test_a_letter_that_broke_into_pieces_stays() -> None:
    page = np.zeros((700, 700), np.uint8)
    lay(page, "س", 560, 70, 70)
    page[:, ::40] = page[:, 1::40] = page[:, 2::40] = page[:, 3::40] = 0
    assert np.array_equal(remove_rows(page), page)


def test_a_small_scan_is_left_alone() -> None:
    scan, large = np.zeros((120, 120), np.uint8), np.zeros((240, 240), np.uint8)
    for picture, scale in ((scan, 1), (large, 2)):  # with a dash far above the letter
        lay(picture, "د", 50 * scale, 35 * scale, 65 * scale, 0.08)
        picture[2 * scale : 4 * scale, 50 * scale : 62 * scale] = 255
    assert np.array_equal(remove_rows(scan), scan)
    assert not remove_rows(large)[:60].any()
