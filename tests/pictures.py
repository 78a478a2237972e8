"""Pictures of letters as people send them, made from strokes: paper, board, screen.

``python -m tests.pictures`` writes the examples that the page offers.
"""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognizer.strokes import strokes_to_ink
from tests.hand import by_hand

Color = tuple[int, int, int]
Pixels = NDArray[np.uint8]

EXAMPLES = Path(__file__).parent.parent / "assets" / "examples"


def ink_of(letter: str, size: int, pen: float, tilt: float = 0.0) -> NDArray[np.float64]:
    """Return (size, size) ink in 0 to 1: the letter, a little turned, its edges soft."""
    ink = strokes_to_ink(by_hand(letter), pen_width=pen, size=size)
    turn = cv2.getRotationMatrix2D((size / 2, size / 2), tilt, 0.94)
    return np.asarray(cv2.warpAffine(ink, turn, (size, size), flags=cv2.INTER_CUBIC) / 255.0)


def on_paper(letter: str, *, size: int = 640, ruled: bool = False, seed: int = 1) -> Pixels:
    """A photo of a ballpoint letter: warm paper, a shadow, perhaps ruled lines."""
    random = np.random.default_rng(seed)
    sheet = np.ones((size, size, 3)) * (0.93, 0.91, 0.86)
    if ruled:
        for y in range(size // 10, size, size // 7):
            sheet[y : y + 2] = (0.62, 0.74, 0.86)
    ink = ink_of(letter, size, 0.026, tilt=-4) * (0.86 + 0.14 * _grain(random, size, 5))
    page = _blend(sheet, ink, (38, 48, 110))
    return _photo(page * _light(size, (0.2, 0.1), 0.62)[:, :, None], random)


def on_board(letter: str, *, size: int = 640, seed: int = 2) -> Pixels:
    """A photo of chalk on a green board: light on dark, rubbed and rough."""
    random = np.random.default_rng(seed)
    smears = 0.1 * cv2.GaussianBlur(_grain(random, size, 1), (0, 0), size / 14, sigmaY=size / 60)
    board = np.ones((size, size, 3)) * (0.15, 0.29, 0.24) + smears[:, :, None]
    rough = np.clip(0.45 + 0.9 * _grain(random, size, 3), 0, 1)
    page = _blend(board, ink_of(letter, size, 0.05, tilt=3) * rough, (236, 236, 226))
    return _photo(page * _light(size, (0.8, 0.2), 0.75)[:, :, None], random)


def on_screen(letter: str, *, size: int = 400, color: Color = (178, 32, 92)) -> Pixels:
    """(size, size, 4): a letter from a drawing program, on nothing."""
    ink = ink_of(letter, size, 0.06)
    return np.dstack([np.full((size, size, 3), color, np.uint8), (ink * 255).astype(np.uint8)])


def on_table(
    sheet: Pixels, table: Color, margin: float, *, tilt: float = 3, aside: float = 0
) -> Pixels:
    """A photo of that sheet (h, w, 3) on a table of some grain, so much of it on each side.

    Turned by some degrees, and moved aside by a share of the photo, which may cut it off.
    """
    random = np.random.default_rng(4)
    side = len(sheet)
    place = cv2.getRotationMatrix2D((side / 2, side / 2), tilt, 1 - 2 * margin)
    place[0, 2] += aside * side
    grain = 0.94 + 0.12 * _grain(random, side, 7)[:, :, None]
    around = grain * np.array(table) / 255
    inside = cv2.warpAffine(np.ones((side, side)), place, (side, side))[:, :, None]
    laid = cv2.warpAffine(sheet / 255, place, (side, side), flags=cv2.INTER_AREA)
    page = around * (1 - inside) + laid * inside
    return _photo(page * _light(side, (0.2, 0.1), 0.65)[:, :, None], random)


def lit(picture: Pixels, light: NDArray[np.float64], noise: float = 3) -> Pixels:
    """That picture in that light, (h, w) from 0 to 1, with a camera's noise."""
    grain = np.random.default_rng(5).normal(0, noise, picture.shape)
    return np.asarray((picture * light[:, :, None] + grain).clip(0, 255), np.uint8)


def shadow(size: int, softness: float) -> NDArray[np.float64]:
    """The shadow of something straight, across a corner of the picture."""
    y, x = np.mgrid[:size, :size]
    inside = (x + 0.6 * y > 0.75 * size).astype(np.float64)
    return np.asarray(1 - 0.45 * cv2.GaussianBlur(inside, (0, 0), softness))


def ruled(size: int, color: Color, *, tilt: float = 0, squared: bool = False) -> Pixels:
    """A sheet with printed lines, or squares, that run a little askew."""
    sheet = np.full((size, size, 3), (250, 250, 245), np.uint8)
    shift = round(size * np.tan(np.deg2rad(tilt)))
    for at in range(size // 20 - abs(shift), size + abs(shift), size // 11):
        cv2.line(sheet, (0, at), (size, at - shift), color, 2, cv2.LINE_AA)
        if squared:
            cv2.line(sheet, (at, 0), (at + shift, size), color, 2, cv2.LINE_AA)
    return sheet


def _blend(
    sheet: NDArray[np.float64], ink: NDArray[np.float64], color: Color
) -> NDArray[np.float64]:
    ink = ink[:, :, None]
    return sheet * (1 - ink) + ink * np.array(color) / 255


def _grain(random: np.random.Generator, size: int, scale: int) -> NDArray[np.float64]:
    """Noise in 0 to 1 with spots of about that many pixels."""
    side = -(-size // scale)
    noise = random.random((side, side))
    return np.asarray(cv2.resize(noise, (size, size), interpolation=cv2.INTER_CUBIC)).clip(0, 1)


def _light(size: int, lamp: tuple[float, float], darkest: float) -> NDArray[np.float64]:
    """Light that falls off from the lamp to the far corner."""
    y, x = np.mgrid[0:size, 0:size] / size
    far = np.hypot(x - lamp[0], y - lamp[1])
    return np.asarray(1 - (1 - darkest) * (far / far.max()) ** 1.5)


def _photo(page: NDArray[np.float64], random: np.random.Generator) -> Pixels:
    """What a phone makes of it: a little blur and noise."""
    page = cv2.GaussianBlur(page, (0, 0), 0.8) + random.normal(0, 0.012, page.shape)
    return np.asarray(page.clip(0, 1) * 255, np.uint8)


def write_examples() -> None:
    """Write the pictures that the page offers to try."""
    EXAMPLES.mkdir(exist_ok=True)
    photos = {
        "1-paper": on_paper("ع"),
        "2-board": on_board("ب"),
        "3-ruled": on_paper("س", ruled=True, seed=3),
    }
    for name, pixels in photos.items():
        Image.fromarray(pixels).save(EXAMPLES / f"{name}.jpg", quality=82)
    drawing = Image.fromarray(on_screen("ج"))
    drawing.quantize(32, method=Image.Quantize.FASTOCTREE).save(EXAMPLES / "4-screen.png")


if __name__ == "__main__":
    write_examples()
