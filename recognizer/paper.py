"""Ink apart from paper: which pixels of a picture the pen left.

A clean picture (a scan, a canvas, a screenshot) has one colour of paper, and its ink is
how far each pixel is from that colour: soft edges stay soft. Only where the paper
itself is uneven, as in a photo with a shadow, ink is judged against the paper around it.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from .errors import EmptyDrawingError
from .ink import Ink, line_width
from .ruling import remove_ruling

Pixels: TypeAlias = NDArray[np.uint8]
Plane: TypeAlias = NDArray[np.uint8]

MIN_CONTRAST = 10  # of 255, between ink and paper; less is the noise of an empty sheet
UNEVEN = 0.12  # of the ink's strength; paper that strays further is shadow or ruling
UNEVEN_SHARE = 0.02  # of the picture; a faint dot strays too, but is smaller than this
SMALL = 64  # pixels; in a smaller picture the paper around a letter cannot be judged
SPECK = 0.1  # of a square of the line's width; the smallest dots of AHCD have 0.19
NOISE = 6  # standard deviations; ink stands out further than this
PHOTO_SIDE = 256  # pixels; the paper's shades are looked at this small


def find_ink(pixels: Pixels) -> Ink:
    """Keep what the pen left and drop what is paper.

    Args:
        pixels: uint8 (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA.

    Returns:
        (H, W) uint8 ink; 0 is paper, the darkest ink is 255.

    Raises:
        EmptyDrawingError: If there is nothing but paper.
    """
    planes = _planes(pixels)
    ink, is_clean = _against_paper(planes)
    if not is_clean:
        ink = _against_local_paper(planes)
    return remove_specks(remove_ruling(ink))


def remove_specks(ink: Ink) -> Ink:
    """Wipe away what is far too small to be a dot.

    A dot is at least about as large as the pen is wide, so specks are measured
    against the line of the largest component, and in doubt they stay.

    Args:
        ink: (H, W) uint8; 0 is paper, 255 is full ink.

    Returns:
        (H, W) uint8, the same or a cleaned copy.

    Raises:
        EmptyDrawingError: If specks are all there is.
    """
    inked = (ink >= 48).view(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(inked, connectivity=8)
    areas = stats[1:, cv2.CC_STAT_AREA]
    if not len(areas) or areas.max() < 2 + ink.size // 20_000:
        raise _no_ink()
    if count == 2:
        return ink
    x, y, width, height, _ = stats[1 + int(areas.argmax())]
    body = ink[y : y + height, x : x + width]
    smallest = SPECK * line_width(body) ** 2
    if areas.min() >= smallest:
        return ink
    is_speck = np.zeros(count, np.uint8)
    is_speck[1:] = areas < smallest
    specks = cv2.dilate(is_speck[labels], np.ones((3, 3), np.uint8))  # with their soft rim
    is_speck[:] = 1 - is_speck
    is_speck[0] = 0
    return np.where(specks & (1 - is_speck[labels]), np.uint8(0), ink)


def _no_ink() -> EmptyDrawingError:
    return EmptyDrawingError("There is no ink in the picture: draw one letter, dark on light.")


def _planes(pixels: Pixels) -> list[Plane]:
    """Split into one grey or three colour planes, transparency resolved."""
    if pixels.ndim == 2:
        return [pixels]
    if pixels.shape[2] == 4:
        pixels = _resolve_transparency(pixels)
        if pixels.ndim == 2:
            return [pixels]
    planes = [np.ascontiguousarray(pixels[:, :, channel]) for channel in range(3)]
    red, green, blue = planes
    is_grey = np.array_equal(red, green) and np.array_equal(green, blue)
    return planes[:1] if is_grey else planes


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
        paper = np.median(visible, axis=0)
    else:  # pens of several colours, which are seldom all pale
        paper = np.full(3, 0.0 if visible.max(axis=1).min() > 128 else 255.0)
    share = alpha[:, :, np.newaxis].astype(np.float32) / 255
    return np.rint(colour * share + paper * (1 - share)).astype(np.uint8)


def _against_paper(planes: Sequence[Plane]) -> tuple[Ink, bool]:
    """Measure how far each pixel is from the colour of the paper.

    Returns:
        (H, W) uint8, 255 where ink is strongest, and whether the paper is even
        enough for that to mean anything.
    """
    sides = [_stronger_side(plane, _paper_level(plane)) for plane in planes]
    strongest = max(strength for _, strength in sides)
    if strongest < MIN_CONTRAST:
        raise _no_ink()
    # A channel that the pen hardly changes would add nothing but its noise.
    distances = [distance for distance, strength in sides if 4 * strength >= strongest]
    distance = distances[0]
    for other in distances[1:]:
        distance = cv2.max(distance, other)
    near = _near_ink(distance, strongest / 2)
    far = cv2.calcHist([distance], [0], cv2.bitwise_not(near), [256], [0, 256]).ravel()
    strays = far[int(UNEVEN * strongest) + 1 :].sum()
    return (
        _stretch(distance, min(_noise_floor(far), UNEVEN * strongest), strongest),
        bool(strays <= UNEVEN_SHARE * distance.size) or max(distance.shape) < SMALL,
    )


def _paper_level(plane: Plane) -> int:
    """Return the commonest grey, the border counting as much as all the rest.

    Paper is most of a picture and most of its border, though a letter may touch
    the border, or fill more than half of a tight crop.
    """
    border = np.concatenate([plane[0], plane[-1], plane[:, 0], plane[:, -1]])
    shares = _histogram(plane) / plane.size + _histogram(border) / border.size
    # Neighbouring greys count together, nearer ones more: noise spreads the paper.
    return int(np.convolve(shares, [1, 2, 3, 4, 5, 4, 3, 2, 1], "same").argmax())


def _stronger_side(plane: Plane, paper: int) -> tuple[Plane, int]:
    """Return the distance from paper to the darker or the lighter side, and its strength.

    One side only: the pale rim that sharpening leaves around dark ink is no ink.
    """
    histogram = _histogram(plane)
    tail = 1 + plane.size // 5000  # pixels; a few hot ones do not make a pen
    darkest = int(np.searchsorted(histogram.cumsum(), tail))
    lightest = 255 - int(np.searchsorted(histogram[::-1].cumsum(), tail))
    if paper - darkest >= lightest - paper:
        return np.asarray(cv2.subtract(paper, plane), np.uint8), paper - darkest
    return np.asarray(cv2.subtract(plane, paper), np.uint8), lightest - paper


def _histogram(plane: Plane) -> NDArray[Any]:
    return cv2.calcHist([plane], [0], None, [256], [0, 256]).ravel()


def _near_ink(distance: Plane, least: float) -> Plane:
    """Return 255 on ink and around it, as far as a soft edge may reach."""
    reach = 1 + 2 * max(2, max(distance.shape) // 20)
    strong = np.asarray(cv2.threshold(distance, least, 255, cv2.THRESH_BINARY)[1], np.uint8)
    return np.asarray(cv2.dilate(strong, np.ones((reach, reach), np.uint8)), np.uint8)


def _noise_floor(far: NDArray[Any]) -> int:
    """Return the grey that nearly all paper stays below."""
    return int(np.searchsorted(far.cumsum(), 0.99 * far.sum())) if far.any() else 0


def _stretch(distance: NDArray[Any], floor: float, full: float) -> Ink:
    """Clear what is below the floor and bring full ink to 255; between, greys stay linear."""
    cleared = cv2.threshold(distance, floor, 0, cv2.THRESH_TOZERO)[1]
    return np.asarray(cv2.convertScaleAbs(cleared, alpha=255 / full), np.uint8)


def _against_local_paper(planes: Sequence[Plane]) -> Ink:
    """Measure how much darker (or lighter) each pixel is than the paper around it."""
    planes = [np.asarray(cv2.GaussianBlur(plane, (3, 3), 0), np.uint8) for plane in planes]
    is_dark = _is_ink_dark(planes)
    strengths = [_relative_to_paper(plane, is_dark=is_dark) for plane in planes]
    strength = strengths[int(np.argmax([np.quantile(each, 0.99) for each in strengths]))]
    noise = _deviation(strength)
    full = float(np.quantile(strength, 0.998))
    if full < max(NOISE * noise, MIN_CONTRAST / 255):
        raise _no_ink()
    faint = max(NOISE / 2 * noise, full / 4)
    ink = np.clip((strength - faint) * (255 / (0.7 * full - faint)), 0, 255).astype(np.uint8)
    return _without_faint_parts(ink)


def _is_ink_dark(planes: Sequence[Plane]) -> bool:
    """Tell dark ink from light, from what stands out from its wide surroundings."""
    dark = light = 0.0
    for plane in planes:
        small = _shrink(plane)
        # Paper is the median of any region much wider than the pen, whatever its shade.
        paper = cv2.medianBlur(small, min(small.shape) // 5 * 2 + 1)
        dark += float(np.square(cv2.subtract(paper, small), dtype=np.float32).sum())
        light += float(np.square(cv2.subtract(small, paper), dtype=np.float32).sum())
    return dark >= light


def _relative_to_paper(plane: Plane, *, is_dark: bool) -> NDArray[np.float32]:
    """Return the contrast to the local paper, 0 on paper; light and shade cancel out."""
    small = np.asarray(cv2.medianBlur(_shrink(plane), 3), np.uint8)
    # Closing wipes dark marks narrower than the kernel and keeps the edges of shadows.
    side = min(small.shape) // 6
    operation = cv2.MORPH_CLOSE if is_dark else cv2.MORPH_OPEN
    paper = cv2.morphologyEx(small, operation, np.ones((side, side), np.uint8))
    height, width = plane.shape
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    paper = paper.astype(np.float32) + 8  # the darkest shadow would divide by zero
    contrast = (plane.astype(np.float32) + 8) / paper - 1
    if is_dark:
        contrast = -contrast
    return contrast - np.float32(np.median(contrast))


def _shrink(plane: Plane) -> Plane:
    scale = PHOTO_SIDE / max(plane.shape)
    if scale >= 1:
        return plane
    return np.asarray(cv2.resize(plane, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def _deviation(values: NDArray[np.float32]) -> float:
    """Return the standard deviation of the bulk; a few outliers, the ink, do not count."""
    return 1.48 * float(np.median(np.abs(values - np.median(values))))


def _without_faint_parts(ink: Ink) -> Ink:
    """Drop components that are faint all over: rulings, creases, what shows through."""
    _, labels = cv2.connectedComponents((ink > 0).view(np.uint8), connectivity=8)
    is_kept = np.zeros(int(labels.max()) + 1, np.uint8)
    is_kept[labels[ink >= 100]] = 1
    return ink * is_kept[labels]
