"""Ink apart from paper: which pixels of a picture the pen left.

A clean picture (a scan, a canvas, a screenshot) has one colour of paper, and its ink is
how far each pixel is from that colour: soft edges stay soft. Only where the paper
itself is uneven, as in a photo with a shadow, ink is judged against the paper around it.
"""

from collections.abc import Sequence
from functools import reduce
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from .frame import remove_frame, remove_sides
from .ink import Ink, line_width
from .marks import (
    no_ink,
    remove_strays,
    remove_strays_at_edge,
    remove_surroundings,
    settle_small_marks,
    sides,
)
from .ring import remove_rings
from .rows import remove_rows
from .ruling import remove_ruling
from .shade import ink_on_uneven_paper
from .sheet import cover_table

Pixels: TypeAlias = NDArray[np.uint8]

MIN_CONTRAST = 10  # of 255, between ink and paper; less is the noise of an empty sheet
UNEVEN = 0.12  # of the ink's strength; paper that strays further is shadow or ruling
UNEVEN_SHARE = 0.02  # of the picture; a faint dot strays too, but is smaller than this
EDGE = 0.05  # of the longest side; how far the soft edge of ink may reach
WIDEST_EDGE = 0.12  # of the longest side; the same, where a small scan was enlarged
FRAMED = 16  # pixels; in a smaller picture a letter in a frame has no room
THICKEST_FRAME = 0.08  # of the shorter side
ONE_GREY = 4  # of 255; greys no further apart count as one
ALL = 0.9  # of a border; so much of one grey may be a frame
SMALL = 64  # pixels; in a smaller picture the paper around a letter cannot be judged
BLOB = 0.4  # of the longest side; no pen is so wide, it is a shadow or the sheet itself
RULED = 0.012  # of the longest side; rulings are thinner
SEEN = 0.05  # of the picture, at least, shows what paper is like far from ink
NOISE = 4.5  # standard deviations; ink stands out further than this


def find_ink(pixels: Pixels) -> Ink:
    """Keep what the pen left and drop what is paper.

    Args:
        pixels: uint8 (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA.

    Returns:
        (H, W) uint8 ink; 0 is paper, the darkest ink is 255.

    Raises:
        EmptyDrawingError: If there is nothing but paper.
    """
    planes = cover_table(_planes(pixels))
    ink, is_even = _against_paper(planes)
    if is_even:
        ink = remove_rings(remove_sides(remove_surroundings(ink)))
        ink = remove_ruling(remove_frame(ink))
        ink = settle_small_marks(remove_strays_at_edge(remove_rows(ink)))
    else:
        ink = remove_rows(remove_rings(ink_on_uneven_paper(planes)))
    return remove_strays(ink)


def _planes(pixels: Pixels) -> list[Ink]:
    """Split into one grey or three colour planes, transparency resolved."""
    if pixels.ndim == 2:
        return [pixels]
    if pixels.shape[2] == 4:
        pixels = _resolve_transparency(pixels)
        if pixels.ndim == 2:
            return [pixels]
    planes = [np.ascontiguousarray(pixels[:, :, channel]) for channel in range(3)]
    red, green, blue = planes
    if np.array_equal(red, green) and np.array_equal(green, blue):
        return [red]
    return planes


def _resolve_transparency(pixels: Pixels) -> Pixels:
    """Turn (H, W, 4) into (H, W), the alpha that is the drawing, or (H, W, 3), flattened."""
    colour, alpha = pixels[:, :, :3], pixels[:, :, 3]
    if alpha.min() == 255:
        return colour
    visible = colour[alpha >= 128]
    # A canvas hands back strokes of one colour on a transparent sheet: dropping alpha
    # would leave black on black. Rounding shifts the colour of half-transparent edges.
    if not len(visible) or np.ptp(visible, axis=0).max() <= 8:
        return np.ascontiguousarray(alpha)
    if 2 * len(visible) > alpha.size:  # a sheet with holes or round corners
        paper = np.median(visible[:: 1 + len(visible) // 10_000], axis=0)
    else:  # pens of several colours, which are seldom all pale
        paper = np.full(3, 0.0 if visible.max(axis=1).min() > 128 else 255.0)
    share = alpha[:, :, np.newaxis].astype(np.float32) / 255
    return np.asarray(np.rint(colour * share + paper * (1 - share)), np.uint8)


def _against_paper(planes: Sequence[Ink]) -> tuple[Ink, bool]:
    """Measure how far each pixel is from the colour of the paper.

    Returns:
        (H, W) uint8 ink, 255 where it is strongest, and whether the paper is even
        enough for that to mean anything.
    """
    sides = [_stronger_side(plane) for plane in planes]
    strengths = [strength for _, strength in sides]
    full = max(strengths)
    if full < MIN_CONTRAST or _is_noise(full, planes[strengths.index(full)]):
        raise no_ink()
    # A channel that the pen hardly changes would add nothing but its noise.
    used = [distance for distance, strength in sides if 4 * strength >= full]
    distance = reduce(np.maximum, used)
    strong = (distance > full // 2).view(np.uint8)
    far = _histogram(distance, 1 - _spread(strong, EDGE * max(strong.shape)))
    is_seen = far.sum() >= SEEN * distance.size or max(distance.shape) < SMALL
    floor = UNEVEN * full
    if is_seen:
        floor = min(floor, int(np.searchsorted(far.cumsum(), 0.99 * far.sum())))
    is_even = max(distance.shape) < SMALL or not (
        _is_blob(strong)
        or _strays(far, full, distance.size)
        and _strays(_far_from_blurred(distance, strong), full, distance.size)
        or _strays_between_lines(distance, full, is_seen=is_seen)
    )
    return _stretch(distance, floor, full), is_even


def _paper_level(plane: Ink, histogram: NDArray[np.float32]) -> int:
    """Return the commonest grey, the border counting as much as all the rest.

    Paper is most of a picture and most of its border, though a letter may touch
    the border, or fill more than half of a tight crop. A frame may be all of the border,
    but is thin: what lies just inside counts as border too; if all of that is of a grey that
    is seldom elsewhere, what lies further inside counts in its place.
    """
    shorter = min(plane.shape)
    border = _on_rings(plane, 0, 2) if shorter >= FRAMED else _on_rings(plane, 0)
    near = slice(max(0, int(border.argmax()) - ONE_GREY), int(border.argmax()) + ONE_GREY + 1)
    is_of_one_grey = border[near].sum() > ALL * border.sum()
    if shorter >= FRAMED and is_of_one_grey and 2 * histogram[near].sum() < plane.size:
        border = _on_rings(plane, max(2, round(THICKEST_FRAME * shorter)))
    shares = histogram / plane.size + border / border.sum()
    # Neighbouring greys count together, nearer ones more: noise spreads the paper.
    return int(np.convolve(shares, [1, 2, 3, 4, 5, 4, 3, 2, 1], "same").argmax())


def _on_rings(plane: Ink, *depths: int) -> NDArray[np.float32]:
    """Return the histogram of the rings of pixels so deep in a picture; the outermost is 0."""
    height, width = plane.shape
    rings = [plane[depth : height - depth, depth : width - depth] for depth in depths]
    return _histogram(np.concatenate([side for ring in rings for side in sides(ring)]))


def _stronger_side(plane: Ink) -> tuple[Ink, int]:
    """Return the distance from paper to the darker or the lighter side, and its strength.

    One side only: the pale rim that sharpening leaves around dark ink is no ink.
    """
    histogram = _histogram(plane)
    paper = _paper_level(plane, histogram)
    tail = 1 + plane.size // 5000  # pixels; a few hot ones do not make a pen
    darkest = int(np.searchsorted(histogram.cumsum(), tail))
    lightest = 255 - int(np.searchsorted(histogram[::-1].cumsum(), tail))
    if paper - darkest >= lightest - paper:
        return np.uint8(paper) - np.minimum(plane, np.uint8(paper)), paper - darkest
    return np.maximum(plane, np.uint8(paper)) - np.uint8(paper), lightest - paper


def _histogram(plane: Ink, mask: Ink | None = None) -> NDArray[np.float32]:
    return np.asarray(cv2.calcHist([plane], [0], mask, [256], [0, 256]), np.float32).ravel()


def _is_noise(full: int, plane: Ink) -> bool:
    """Tell whether the steps between neighbours are as large as what would be ink.

    The standard deviation of noise is 1.05 times the median of its steps. Those across an
    alef that was cut out along its line are large too, those along it are not.
    """
    across, along = (plane[:, 1:], plane[:, :-1]), (plane[1:], plane[:-1])
    return all(_has_large_steps(full // (1.05 * NOISE), *pair) for pair in (across, along))


def _has_large_steps(small: float, after: Ink, before: Ink) -> bool:
    steps = np.asarray(cv2.absdiff(after, before), np.uint8)
    return 2 * cv2.countNonZero((steps <= small).view(np.uint8)) < steps.size


def _strays(far: NDArray[np.float32], full: int, size: int) -> bool:
    """Tell from the histogram of what is far from ink whether the paper strays."""
    return bool(far[int(UNEVEN * full) + 1 :].sum() > UNEVEN_SHARE * size)


def _far_from_blurred(distance: Ink, strong: Ink) -> NDArray[np.float32]:
    """Return the histogram far from ink as blurred as a small scan that was enlarged."""
    reach = min(line_width(strong * np.uint8(255)), WIDEST_EDGE * max(strong.shape))
    return _histogram(distance, 1 - _spread(strong, reach))


def _strays_between_lines(distance: Ink, full: int, *, is_seen: bool) -> bool:
    """Tell whether the paper strays once thin lines are gone.

    In the shade the squares of squared paper are as dark as ink, and nothing is far from them.

    Args:
        distance: (H, W) uint8, from the colour of the paper.
        full: The strength of the ink.
        is_seen: Whether there is paper far from ink, which would have shown more shade.
    """
    side = 1 + 2 * max(1, round(RULED / 2 * max(distance.shape)))
    step = max(1, max(distance.shape) // SMALL)  # shade is seen as well in few pixels
    calm = max(1, step // 3)
    thinned = cv2.erode(cv2.blur(distance, (calm, calm)), np.ones((side, side), np.uint8))
    between = np.asarray(thinned[::step, ::step], np.uint8, copy=True)
    strong = (between > full // 2).view(np.uint8)
    if not is_seen and 2 * strong.mean() < (distance > full // 2).mean():
        full //= 2  # most of what is strong are thin lines: less shade than usual spoils them
    if not _strays(_histogram(between), full, between.size):
        return False  # no need to tell shade from a wide pen
    return _strays(_far_from_blurred(between, strong), full, between.size)


def _spread(strong: Ink, reach: float) -> Ink:
    """Widen a mask by so many pixels, at least 2."""
    side = 1 + 2 * max(2, int(reach))
    return np.asarray(cv2.dilate(strong, np.ones((side, side), np.uint8)), np.uint8)


def _is_blob(strong: Ink) -> bool:
    """Tell whether a mask holds a patch wider than any line of a letter."""
    widest = BLOB * max(strong.shape)
    if cv2.countNonZero(strong) < widest**2 / 2:
        return False
    distance = cv2.distanceTransform(strong, cv2.DIST_L2, 3)
    return bool(2 * distance.max() > widest)


def _stretch(distance: NDArray[np.uint8], floor: float, full: float) -> Ink:
    """Clear what is below the floor and bring full ink to 255; between, greys stay linear."""
    cleared = cv2.threshold(distance, floor, 0, cv2.THRESH_TOZERO)[1]
    return np.asarray(cv2.convertScaleAbs(cleared, alpha=255 / full), np.uint8)
