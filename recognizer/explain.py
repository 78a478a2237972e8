"""Which ink an answer rests on: occlusion sensitivity over the ink.

Wherever a patch of paper laid over the letter lowers its odds, the answer rested on
the ink below (Zeiler and Fergus, Visualizing and Understanding Convolutional Networks,
2014).
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from .characters import CHARACTERS, LETTERS, Character, character_of
from .ink import INKED, INPUT_SIZE, Ink, Square, fit_to_input, shown_square
from .model import Model

PATCH = 12  # pixels, both sides; it covers two dots at once, of three at least two
STRIDE = 4  # pixels; a letter takes some 120 patches, and each pixel lies below nine
COVERS = (PATCH // STRIDE) ** 2

SMALL = 0.4  # of the body's longest side; a piece that is no longer is a dot or a mark
HOT = 0.5  # of the greatest heat; where it is hotter, the answer rests on the ink
WHOLE = 0.6  # of the body's ink; if so much of it is hot, no one place of it counts
BOTH = 0.3  # of the heat; with so much on its left and on its right, both sides count
MIDDLE = 0.35  # of half the body's longest side; nearer to its centre is its middle

Part: TypeAlias = Literal["dot", "dots", "mark", "body"]
Place: TypeAlias = Literal[
    "above", "below", "inside", "top", "bottom", "left", "right", "sides", "middle", "whole"
]
Heat: TypeAlias = NDArray[np.float32]
Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True)
class Explanation:
    """What an answer rests on.

    Attributes:
        letter: The likeliest letter, which is explained.
        rival: The letter against which it is explained; None for all others together.
        part: The part that it rests on most; None if covering the ink nowhere hurts it.
        place: Where that part is: dots and marks above, below or inside the body; or
            which side of the body, both, its middle or the whole of it.
        becomes: The letter that it is read as where covering that part hurts most; None if
            it is still read alike.
        square: The part of the ink's picture that the heat lies over.
        heat: (64, 64) float32, read-only; how far covering each inked pixel lowers the
            log-odds, 0 on paper, negative where covering helps.
    """

    letter: str
    rival: str | None
    part: Part | None
    place: Place | None
    becomes: str | None
    square: Square
    heat: Heat = field(compare=False, repr=False)


def explain(model: Model, ink: Ink, *, rival: str | None = None) -> Explanation:
    """Find out which ink the answer to a letter rests on.

    Args:
        model: Who answers.
        ink: (H, W) uint8, any size; 0 is paper, 255 is full ink.
        rival: Explain why it is not that letter; None, or the answer itself, means
            why it is none of the others.

    Raises:
        InkError: If the ink is not that.
        EmptyDrawingError: If no pixel is inked.
        LetterError: If the rival is not one of our letters.
    """
    fitted = fit_to_input(ink)
    covered, corners = _cover(fitted)
    probabilities, _ = model(np.concatenate([fitted[np.newaxis], covered]))  # (1 + n, 28)
    best = int(probabilities[0].argmax())
    rival = None if rival == LETTERS[best] else rival
    drops = _drops(probabilities, best, rival)
    heat = _spread(drops, corners, fitted)
    part, place, named = _rests_on(heat, fitted, CHARACTERS[best])
    over = _lies_on(named, corners, fitted)
    worst = int(probabilities[1 + np.where(over, drops, -np.inf).argmax()].argmax())
    return Explanation(
        letter=LETTERS[best],
        rival=rival,
        part=part,
        place=place,
        becomes=LETTERS[worst] if over.any() and worst != best else None,
        square=shown_square(ink),
        heat=heat,
    )


def heat_map(model: Model, fitted: Ink, letter: str, rival: str | None = None) -> Heat:
    """Measure how much the odds of any letter rest on each pixel.

    Args:
        model: Who answers.
        fitted: (64, 64) uint8 ink, fitted to the input.
        letter: Whose odds; it need not be the answer.
        rival: Against which letter; None means against all others together.

    Returns:
        As `Explanation.heat`.

    Raises:
        LetterError: If a letter is not one of ours.
    """
    covered, corners = _cover(fitted)
    probabilities, _ = model(np.concatenate([fitted[np.newaxis], covered]))
    return _spread(_drops(probabilities, _index(letter), rival), corners, fitted)


def _index(letter: str) -> int:
    return CHARACTERS.index(character_of(letter))


def _cover(fitted: Ink) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Lay paper over each patch that holds ink.

    Returns:
        (n, 64, 64) uint8, and (n, 2) the top left corner of each patch, row and column,
        in pixels; those at the edge begin outside.
    """
    starts = range(STRIDE - PATCH, INPUT_SIZE, STRIDE)
    corners = [(y, x) for y in starts for x in starts if fitted[_below(y, x)].any()]
    covered = np.repeat(fitted[np.newaxis], len(corners), axis=0)
    for copy, corner in zip(covered, corners, strict=True):
        copy[_below(*corner)] = 0
    return covered, np.array(corners)


def _below(y: int, x: int) -> tuple[slice, slice]:
    return np.s_[max(y, 0) : y + PATCH, max(x, 0) : x + PATCH]


def _drops(
    probabilities: NDArray[np.float32], letter: int, rival: str | None
) -> NDArray[np.float64]:
    """Return how far each patch lowers the log-odds, (n,), from (1 + n, 28)."""
    rows = probabilities.astype(np.float64)
    if rival is None:
        others = np.delete(rows, letter, axis=1).sum(axis=1)
    else:
        others = rows[:, _index(rival)]
    # A probability of 0 has no logarithm.
    odds = np.log(np.maximum(rows[:, letter], 1e-12)) - np.log(np.maximum(others, 1e-12))
    return np.asarray(odds[0] - odds[1:])


def _spread(drops: NDArray[np.float64], corners: NDArray[np.int64], fitted: Ink) -> Heat:
    """Give each pixel the mean drop of the patches over it, as far as it is inked."""
    heat = np.zeros(fitted.shape)
    for drop, (y, x) in zip(drops, corners, strict=True):
        heat[_below(y, x)] += drop / COVERS
    inked: Heat = (heat * (fitted / 255)).astype(np.float32)
    inked.setflags(write=False)
    return inked


def _rests_on(heat: Heat, fitted: Ink, letter: Character) -> tuple[Part | None, Place | None, Mask]:
    """Name the part that is hottest, and its place; show which pixels of it are hot."""
    if heat.max() <= 0:
        return None, None, np.zeros(heat.shape, bool)
    body, small = _parts(fitted)
    hot = np.where(heat >= HOT * heat.max(), heat, 0)
    if hot[small].max(initial=0) > hot[body].max(initial=0):
        place = letter.place or _place_beside(hot * small, body)
        part: Part = "mark" if not letter.dots else "dot" if letter.dots == 1 else "dots"
        return part, place, small & (hot > 0)
    return "body", _place_within(hot * body, body), body & (hot > 0)


def _lies_on(named: Mask, corners: NDArray[np.int64], fitted: Ink) -> Mask:
    """Tell of each patch, (n,), whether it covers the named pixels and little ink beside."""
    ink = fitted / 255
    covered = [(ink[_below(*corner)], named[_below(*corner)]) for corner in corners]
    return np.array([patch[on].sum() > patch.sum() / 2 for patch, on in covered])


def _parts(fitted: Ink) -> tuple[Mask, Mask]:
    """Return which pixels, (64, 64), are the body's, and which are of dots and marks."""
    inked = (fitted >= INKED).view(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(inked, connectivity=8)
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    sides[0] = 0  # the paper
    is_small = sides <= SMALL * sides.max()
    small = is_small[labels] & (labels > 0)
    return ~small & (labels > 0), small


def _place_beside(hot: NDArray[np.float64], body: Mask) -> Place:
    """Say where dots are: above or below most of the body, or between."""
    y = np.average(np.arange(len(hot)), weights=hot.sum(axis=1))
    rows = np.flatnonzero(body.any(axis=1))
    depth = (y - rows[0]) / max(rows[-1] - rows[0], 1)
    return "above" if depth < 0.25 else "below" if depth > 0.75 else "inside"


def _place_within(hot: NDArray[np.float64], body: Mask) -> Place:
    """Say which side of the body most of the heat is on."""
    if np.count_nonzero(hot) > WHOLE * np.count_nonzero(body):
        return "whole"
    heat = _heat_of_sides(hot, body)
    if min(heat["left"], heat["right"]) > BOTH * hot.sum():
        return "sides"
    return max(heat, key=lambda side: heat[side])


def _heat_of_sides(hot: NDArray[np.float64], body: Mask) -> dict[Place, float]:
    """Divide the heat between the middle of the body and the side that is nearest."""
    rows, columns = np.flatnonzero(body.any(axis=1)), np.flatnonzero(body.any(axis=0))
    half = max(int(np.ptp(rows)), int(np.ptp(columns)), 1) / 2
    y, x = np.nonzero(hot)
    down, right = y - (rows[0] + rows[-1]) / 2, x - (columns[0] + columns[-1]) / 2
    is_middle = np.maximum(abs(down), abs(right)) < MIDDLE * half
    is_upright = ~is_middle & (abs(down) > abs(right))
    is_level = ~is_middle & ~is_upright
    sides: dict[Place, Mask] = {
        "middle": is_middle,
        "top": is_upright & (down < 0),
        "bottom": is_upright & (down > 0),
        "left": is_level & (right < 0),
        "right": is_level & (right > 0),
    }
    return {side: float(hot[y[chosen], x[chosen]].sum()) for side, chosen in sides.items()}
