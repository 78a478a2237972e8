"""Drawn letters, and how to compare the ink that is found with the ink that was drawn."""

import io

import cv2
import numpy as np
from PIL import Image

from recognizer import fit_to_input
from recognizer.strokes import strokes_to_ink
from tests.hand import by_hand
from tests.pictures import Color, Pixels


def drawn(letter: str = "ج", size: int = 200, pen: float = 0.05) -> Pixels:
    return strokes_to_ink(by_hand(letter), size=size, pen_width=pen)


def colored(ink: Pixels, paper: Color, pen: Color) -> Pixels:
    share = ink[:, :, None] / 255
    return np.rint(np.array(paper) * (1 - share) + np.array(pen) * share).astype(np.uint8)


def on_sheet(sheet: Pixels, ink: Pixels, pen: Color) -> Pixels:
    share = ink[:, :, None] / 255
    return np.rint(sheet * (1 - share) + np.array(pen) * share).astype(np.uint8)


def file_of(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def overlap(one: Pixels, other: Pixels) -> float:
    """How much of either lies on the other, 0 to 1, once they are fitted; a pixel off is on."""
    a, b = ((fit_to_input(ink) >= 128).view(np.uint8) for ink in (one, other))
    near_a, near_b = (cv2.dilate(ink, np.ones((3, 3), np.uint8)) for ink in (a, b))
    return float(min((a & near_b).sum() / a.sum(), (b & near_a).sum() / b.sum()))


def pieces(ink: Pixels) -> int:
    return int(cv2.connectedComponents((fit_to_input(ink) >= 100).view(np.uint8))[0]) - 1


def differ(one: Pixels, other: Pixels) -> int:
    assert one.shape == other.shape
    return int(np.abs(one.astype(int) - other).max())
