"""A photo of a sheet on a table: the table goes, the letter stays, and a loop is no sheet."""

import cv2
import numpy as np
import pytest

from recognizer import EmptyDrawingError, Recognizer, to_ink
from recognizer.sheet import cover_table
from recognizer.strokes import strokes_to_ink
from tests.hand import by_hand, letters
from tests.inks import colored, on_sheet
from tests.pictures import Color, Pixels, ink_of, lit, on_board, on_paper, on_table

TABLES: list[Color] = [(115, 80, 50), (30, 30, 34), (128, 128, 128), (190, 165, 128)]


def written(letter: str, paper: Color = (240, 236, 222), size: int = 320) -> Pixels:
    ink = (255 * ink_of(letter, size, 0.04)).astype(np.uint8)
    return colored(ink, paper, (38, 48, 110))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("margin", [0.03, 0.1, 0.3])
def test_a_letter_on_a_sheet_on_a_table_is_read(
    recognizer: Recognizer, table: Color, margin: float
) -> None:
    for letter in "بكن":
        assert recognizer.recognize(on_table(written(letter), table, margin)).letter == letter


@pytest.mark.parametrize("tilt", [-12, -6, 0, 9])
@pytest.mark.parametrize("margin", [0.02, 0.15])
def test_the_sheet_may_lie_askew_its_corners_outside_the_photo(
    recognizer: Recognizer, tilt: float, margin: float
) -> None:
    for letter in "سعم":
        picture = on_table(written(letter), TABLES[0], margin, tilt=tilt)
        assert recognizer.recognize(picture).letter == letter


@pytest.mark.parametrize("aside", [-0.1, 0.1])
def test_the_sheet_may_run_off_one_side(recognizer: Recognizer, aside: float) -> None:
    for table in TABLES:
        picture = on_table(written("ع"), table, 0.08, aside=aside)
        assert recognizer.recognize(picture).letter == "ع"


@pytest.mark.parametrize("table", TABLES[:2])  # grey could be the shade of white
def test_the_sheet_may_run_off_two_sides(recognizer: Recognizer, table: Color) -> None:
    for letter in "عنط":
        picture = on_table(written(letter), table, 0.15, aside=0.18)[:-60]
        assert recognizer.recognize(picture).letter == letter


@pytest.mark.parametrize("bars", [(38, 38, 43), (40, 110, 200)])
def test_the_bars_of_an_app_are_no_ink(recognizer: Recognizer, bars: Color) -> None:
    for letter in "بعط":
        screen = np.full((560, 320, 3), bars, np.uint8)
        screen[70:-50] = 255
        screen[110:430] = written(letter, (255, 255, 255))
        for x in range(30, 320, 50):
            cv2.circle(screen, (x, 35), 10, (235, 235, 235), 2)
        assert recognizer.recognize(screen).letter == letter


@pytest.mark.parametrize("softness", [1, 6])
def test_the_shadow_of_what_takes_the_photo_is_no_sheet(
    recognizer: Recognizer, softness: float
) -> None:
    for letter in "بعف":
        sheet = np.full((640, 480, 3), (240, 236, 222), np.uint8)
        sheet[10:290, 150:430] = written(letter, size=280)
        shade = np.zeros((640, 480))
        shade[300:, 60:430] = 0.45
        light = 1 - cv2.GaussianBlur(shade, (0, 0), softness)
        assert recognizer.recognize(lit(sheet, light)).letter == letter


@pytest.mark.parametrize(
    ("paper", "table"),
    [
        ((245, 225, 90), (235, 235, 235)),
        ((20, 60, 45), (205, 200, 190)),
        ((210, 60, 60), (90, 90, 90)),
    ],
    ids=["a yellow note", "a board on a wall", "a red card"],
)
def test_a_sheet_of_any_colour_is_found(recognizer: Recognizer, paper: Color, table: Color) -> None:
    pen = (250, 250, 250) if sum(paper) < 300 else (30, 30, 40)
    sheet = colored((255 * ink_of("ق", 320, 0.05)).astype(np.uint8), paper, pen)
    assert recognizer.recognize(on_table(sheet, table, 0.15)).letter == "ق"


@pytest.mark.parametrize("table", TABLES)
def test_a_blank_sheet_on_a_table_is_blank(table: Color) -> None:
    sheet = np.full((320, 320, 3), (240, 236, 222), np.uint8)
    for margin in (0.05, 0.2):
        with pytest.raises(EmptyDrawingError):
            to_ink(on_table(sheet, table, margin))


def test_a_picture_without_a_table_is_left_alone() -> None:
    pictures = [make(letter) for letter in "بحسطم" for make in (on_paper, on_board)]
    for letter in letters():
        for pen in (0.03, 0.07):
            ink = strokes_to_ink(by_hand(letter), pen_width=pen)
            pictures += [np.dstack([255 - ink] * 3), np.dstack([255 - cut_out(ink)] * 3)]
    for picture in pictures:
        planes = [np.ascontiguousarray(plane) for plane in picture.transpose(2, 0, 1)]
        covered = cover_table(planes)
        assert all(np.array_equal(*pair) for pair in zip(planes, covered, strict=True))


@pytest.mark.parametrize("behind", [(180, 210, 255), (255, 255, 255)])
def test_what_a_letter_is_larger_than_is_no_sheet(recognizer: Recognizer, behind: Color) -> None:
    for letter in "ابتثخسك":
        screen = np.full((500, 500, 3), 255 if behind[0] < 255 else 190, np.uint8)
        screen[150:350, 150:350] = behind
        ink = np.zeros((500, 500), np.uint8)
        ink[75:425, 75:425] = strokes_to_ink(by_hand(letter), pen_width=0.06, size=350)
        assert recognizer.recognize(on_sheet(screen, ink, (0, 0, 0))).letter == letter


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("shape", [(1000, 8), (2, 200), (96, 3), (97, 96)])
def test_a_picture_of_any_shape_may_hold_no_sheet(shape: tuple[int, int]) -> None:
    for fill in (0, 255):
        plane = np.full(shape, fill, np.uint8)
        plane[: shape[0] // 2] = 128
        assert np.array_equal(cover_table([plane])[0], plane)


def cut_out(ink: Pixels) -> Pixels:
    ys, xs = np.nonzero(ink)
    return ink[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
