"""Drawings that are not one Arabic letter, so that the network learns to say so.

Shapes that read as a letter are left out: o and 0 are heh, l and 1 alef, S is yeh.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.characters import LETTERS
from recognizer.ink import Ink, fit_to_input
from recognizer.strokes import THICKEST_PEN, strokes_to_ink
from recognizer.templates import ControlPath, control_path, smooth

from .synthesis import Points, Rng, Synthesiser, bent, placed, turned

LATIN = "ABCDEFGHKMNQRTVWXYZabdefhkmnprtwxyz34567&?%$#@+*=~"
FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_PLAIN,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_TRIPLEX,
    cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
)
# Signs of Arabic writing that are no letter: digits (without ١ ٤ ٥ ٩, which are
# written like alef, ain, heh and waw), hamza, lam-alef, question mark, comma, tatweel, plus.
SIGNS = (
    "24,20 30,36 60,38 76,22 / 30,32 32,92",
    "22,20 26,40 44,40 46,24 48,40 70,40 76,20 / 26,36 30,92",
    "24,24 60,22 70,28 66,92",
    "20,20 48,90! 80,20",
    "20,90 50,16! 80,90",
    "70,20 40,24 36,44 70,50! 24,76",
    "74,12 66,60 46,86 30,70 50,56 / 26,14 76,78",
    "78,10 40,80 24,84 24,66 70,84 / 24,12 72,84",
    "28,40 30,16 66,14 64,40 46,52 48,66 / 48,90",
    "10,50 90,50",
    "50,10 50,90 / 12,50 88,50",
    "20,20 80,80 / 80,20 20,80",
    "50,50",
    "30,50 / 70,52",
    "50,30 / 50,70",
)


class NonLetters:
    """Draws what a careless or curious visitor draws instead of a letter."""

    def __init__(self, synthesiser: Synthesiser, thickest: float = THICKEST_PEN) -> None:
        """Letters for the words come from the synthesiser; no pen is thicker than that."""
        self._synthesiser, self._thickest = synthesiser, thickest
        self._kinds: tuple[tuple[str, Callable[[Rng], Ink]], ...] = (
            ("scribbles", self._scribble),
            ("several letters or a word", self._several_letters),
            ("several letters or a word", self._several_letters),
            ("digits, ء, لا and signs", self._sign),
            ("Latin letters, digits and signs", self._latin),
            ("Latin letters, digits and signs", self._latin),
            ("blots and edges, as of a photo", self._texture),
            ("shapes", self._shape),
        )

    def draw(self, rng: Rng) -> tuple[str, Ink]:
        """One drawing that is not a letter: its kind, and (64, 64) uint8 ink, fitted."""
        kind, draw = self._kinds[rng.integers(len(self._kinds))]
        return kind, draw(rng)

    def _inked(self, paths: list[Points], rng: Rng) -> Ink:
        strokes = placed(paths, rng.uniform(0.4, 1), rng)
        pen = rng.uniform(0.02, 0.09)
        return fit_to_input(strokes_to_ink(strokes, pen_width=pen, thickest=self._thickest))

    def _scribble(self, rng: Rng) -> Ink:
        count = int(rng.integers(7, 40))
        points = rng.uniform(0, 1, (count, 2)) * rng.uniform(0.3, 1, 2)
        if rng.random() < 0.5:  # a walk to and fro rather than a tangle
            points = np.cumsum(rng.normal(0, 1, (count, 2)), axis=0)
        paths = [smooth(ControlPath(points, (rng.random() < 0.3,) * count))]
        return self._inked(paths, rng)

    def _several_letters(self, rng: Rng) -> Ink:
        """Two to five letters in a row, apart or run together as in a word."""
        paths, right = [], 0.0
        for _ in range(int(rng.integers(2, 6))):
            letter = self._synthesiser.draw(int(rng.integers(len(LETTERS))), rng)
            points = np.concatenate(letter)
            shift = np.array([right - points[:, 0].max(), rng.normal(0, 0.12)])
            paths += [path + shift for path in letter]
            right += points[:, 0].min() - points[:, 0].max() - rng.uniform(-0.12, 0.35)
        return self._inked(paths, rng)

    def _sign(self, rng: Rng) -> Ink:
        text = SIGNS[rng.integers(len(SIGNS))]
        paths = []
        for part in text.split(" / "):
            path = control_path(part)
            moved = path.points + rng.normal(0, 3, path.points.shape)
            paths.append(smooth(ControlPath(moved, path.corners)) / 100)
        paths = bent(turned(paths, self._synthesiser.style, rng), 0.03, 0.006, rng)
        return self._inked(paths, rng)

    def _latin(self, rng: Rng) -> Ink:
        """One to three Latin signs, in cv2's own line fonts."""
        count = int(rng.choice([1, 1, 2, 3]))
        text = "".join(LATIN[i] for i in rng.integers(len(LATIN), size=count))
        sheet = np.zeros((120, 90 * count + 60), np.uint8)
        font = FONTS[rng.integers(len(FONTS))]
        cv2.putText(sheet, text, (20, 90), font, 3, 255, int(rng.integers(2, 9)), cv2.LINE_AA)
        matrix = cv2.getRotationMatrix2D((60, 60), rng.normal(0, 10), 0.8)
        matrix[0, 1] += rng.normal(0, 0.15)
        return fit_to_input(cv2.warpAffine(sheet, matrix, sheet.shape[::-1]))

    def _texture(self, rng: Rng) -> Ink:
        """What is left of a photo without a letter: blots, grain and edges."""
        side = int(rng.integers(4, 24))
        noise = cv2.resize(rng.random((side, side)), (96, 96), interpolation=cv2.INTER_CUBIC)
        blots: NDArray[np.float64] = (noise - rng.uniform(0.45, 0.8)) * rng.uniform(2, 12)
        ink = (255 * (0.5 + blots)).clip(0, 255).astype(np.uint8)
        ink[0, 0] = 255  # never blank
        return fit_to_input(ink)

    def _shape(self, rng: Rng) -> Ink:
        """Boxes, stars, zigzags and filled shapes."""
        corners = int(rng.integers(3, 9))
        angle = np.linspace(0, 2 * np.pi, corners, endpoint=False) + rng.uniform(0, 6.3)
        radius = rng.uniform(0.25, 1, corners)
        points = np.stack([np.cos(angle), np.sin(angle)], axis=1) * radius[:, np.newaxis]
        if rng.random() < 0.4:
            ink = np.zeros((96, 96), np.uint8)
            cv2.fillPoly(ink, [np.rint(points * 44 + 48).astype(np.int32)], 255)
            return fit_to_input(ink)
        paths = [np.vstack([points, points[:1]]), rng.normal(0, 0.5, (2, 2))]
        return self._inked(paths, rng)
