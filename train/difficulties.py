"""What may happen to a scan on its way to the recogniser, to measure how it is read then."""

from collections.abc import Callable
from functools import partial
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .synthesis import Rng

BOX_INSET = 0.03  # of the picture; how far a box is from its edges
BOX_LINE = 0.02  # of the picture; how thick it is
BOX_GREY = 60
BOX_ROOM = 0.1  # of a scan; what is added around it for a box
SCREEN = (540, 1100)  # pixels, width and height, of a phone
BARS = (150, 940)  # from the top; what an app shows lies above the one and below the other

Pixels = NDArray[np.uint8]
Difficulty = tuple[str, Callable[[Pixels, Rng], Pixels]]


def difficulties() -> list[Difficulty]:
    """What may happen to a scan on its way: its name, and what makes it of (h, w) dark on light."""
    return [
        ("as they are", lambda scan, rng: scan),
        ("cut out along the ink", lambda scan, rng: cut_along_ink(scan)),
        ("the same, four times as large", lambda scan, rng: cut_along_ink(_enlarged(scan, 4))),
        *[(f"JPEG, quality {q}", partial(_compressed, quality=q)) for q in (75, 60, 40)],
        ("0.4 % of the pixels black", lambda scan, rng: _dusty(scan, 0.004, rng)),
        ("lines left and below", lambda scan, rng: boxed(_on_larger_paper(scan), "lb")),
        ("a box all around", lambda scan, rng: boxed(_on_larger_paper(scan), "lbrt")),
        ("a sheet on a table", _on_a_table),
        ("an app's clock and icons around it", _on_a_screen),
    ]


def boxed(pixels: Pixels, sides: str) -> Pixels:
    """Draw lines of a form's box near some sides, "l", "b", "r" and "t", from edge to edge."""
    drawn = pixels.copy()
    seen = {"l": drawn.T, "b": drawn[::-1], "r": drawn.T[::-1], "t": drawn}
    inset = round(BOX_INSET * len(pixels))
    for side in sides:
        seen[side][inset : inset + max(1, round(BOX_LINE * len(pixels)))] = BOX_GREY
    return drawn


def cut_along_ink(pixels: Pixels) -> Pixels:
    """Leave no paper around what is dark."""
    x, y, width, height = cv2.boundingRect((pixels < 128).view(np.uint8))
    return pixels[y : y + height, x : x + width]


def as_jpeg(pixels: Pixels, quality: int) -> Pixels:
    """What a JPEG file of that quality, 0 to 100, shows."""
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer))


def _compressed(scan: Pixels, rng: Rng, *, quality: int) -> Pixels:
    return as_jpeg(scan, quality)


def _on_larger_paper(scan: Pixels) -> Pixels:
    """Add white around, where a box has room."""
    around = round(BOX_ROOM * len(scan))
    return np.pad(scan, around, constant_values=255)


def _enlarged(scan: Pixels, times: int) -> Pixels:
    larger = cv2.resize(scan, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC)
    return np.asarray(larger, np.uint8)


def _on_a_table(scan: Pixels, rng: Rng) -> Pixels:
    """Lay the sheet a little askew on a table, up to twice as wide, in a lamp's light."""
    side = 4 * len(scan)
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), rng.normal(0, 5), rng.uniform(0.5, 0.9))
    turn[:, :2] *= 4  # the scan is that much larger on the table
    table = rng.integers(30, 170) + rng.normal(0, 6, (side, side))
    laid = cv2.warpAffine(scan.astype(np.float64), turn, (side, side), flags=cv2.INTER_AREA)
    is_sheet = cv2.warpAffine(np.ones_like(scan), turn, (side, side)) > 0
    light = np.linspace(1, rng.uniform(0.6, 1), side)
    photo = np.where(is_sheet, 0.92 * laid, table) * light + rng.normal(0, 2, (side, side))
    return photo.clip(0, 255).astype(np.uint8)


def _dusty(scan: Pixels, share: float, rng: Rng) -> Pixels:
    return np.where(rng.random(scan.shape) < share, 0, scan).astype(np.uint8)


def _on_a_screen(scan: Pixels, rng: Rng) -> Pixels:
    """Show it in an app on a phone, by day or night, as large as there is room or smaller."""
    width, height = SCREEN
    screen = np.full((height, width), 255, np.uint8)
    write = partial(cv2.putText, screen, fontFace=0, fontScale=0.8, color=0, thickness=2)
    write("9:41", org=(30, 40))
    cv2.rectangle(screen, (470, 22), (510, 40), 0, 2)
    write("< Notes", org=(20, 100))
    write("Done", org=(450, 100))
    for left in range(45, width, 90):
        cv2.circle(screen, (left, 1025), 24, 0, int(rng.choice([-1, 4])))
    cv2.line(screen, (200, 1086), (340, 1086), 0, 5)
    side = int(rng.uniform(0.4, 0.95) * width)
    x, y = rng.integers(0, width - side), rng.integers(BARS[0], BARS[1] - side)
    screen[y : y + side, x : x + side] = cv2.resize(
        scan, (side, side), interpolation=cv2.INTER_AREA
    )
    return 255 - screen if rng.random() < 0.5 else screen
