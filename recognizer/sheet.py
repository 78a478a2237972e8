"""The sheet of paper in a photo that shows the table around it.

A sheet is one convex patch, lighter than what lies around it (or darker, as a board on a wall),
with a sharp outline. The paper that a loop of a letter encloses is no sheet: outside the line
there is paper again. Nor is the lit part of a sheet: shade has soft edges, or runs off the picture.
"""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from .ink import Ink
from .marks import sides

SIDE = 96  # pixels; the sheet is looked for in so few
CONTRAST = 25  # of 255, between the sheet and what lies around it
LEVELS = (0.3, 0.5, 0.7)  # of that contrast, where the sheet is parted from the rest
LEAST = 0.06  # of the picture; a smaller patch holds no letter that could be read
LONGEST = 2.5  # times its shorter side; what is longer is an alef
CONVEX = 0.9  # of its hull; a pen that crosses its outline leaves so much of a sheet
CUT = 0.35  # of a side of the picture; a corner of the sheet that lies outside takes less of it
MOST_CUT = 1  # sides of the picture that the sheet may run off; what light falls on runs off more
DARKER = 0.3  # of the sheet; no shade is so dark
COLOURED = 1.25  # times as light in one colour as in another; no shade changes colours so much
OTHER = 0.1  # of what lies around the sheet; so much of it may be as light
SHARP = 0.4  # of the contrast; so large is the step at the outline
OUTLINE = 0.95  # of the outline; so much of it is sharp
NEAR, FAR = 2, 5  # pixels; between these the two sides of the outline are compared
RIM = 2  # pixels of the sheet along its outline, which may be in shadow or curled
INK = 3  # standard deviations; what strays so far from the paper's shade is written

Mask = NDArray[np.bool_]


def cover_table(planes: Sequence[Ink]) -> list[Ink]:
    """Paint what lies around a sheet of paper as if the sheet went on there.

    Args:
        planes: One grey or three colour planes of a picture, each (H, W) uint8.

    Returns:
        As many planes; the same where no sheet lies on something else.
    """
    if max(planes[0].shape) < SIDE:
        return list(planes)
    step = max(planes[0].shape) // SIDE
    small = [plane[::step, ::step] for plane in planes]
    found = [sheet for plane in small for sheet in _sheets(plane, small)]
    if not found:
        return list(planes)
    _, sheet = max(found, key=lambda each: each[0])
    height, width = planes[0].shape
    is_sheet = cv2.resize(sheet, (width, height), interpolation=cv2.INTER_NEAREST) > 0
    covered = []
    for plane, seen in zip(planes, small, strict=True):
        paper = cv2.resize(_paper(seen, sheet > 0), (width, height))
        covered.append(np.where(is_sheet, plane, paper))
    return covered


def _sheets(plane: Ink, planes: Sequence[Ink]) -> Iterator[tuple[float, Ink]]:
    """Find the patch of a small plane that may be a sheet, at each level.

    Args:
        plane: The plane that is looked at.
        planes: All of them.

    Yields:
        How sharply it stands out, and (h, w) uint8, 1 on the sheet without its rim.
    """
    height, width = plane.shape
    middle = plane[height // 4 : height - height // 4, width // 4 : width - width // 4]
    inside, around = float(np.median(middle)), float(np.median(np.concatenate(sides(plane))))
    contrast = abs(inside - around)
    if contrast < CONTRAST:
        return
    is_darker = inside < around
    if is_darker:
        plane, around = 255 - plane, 255 - around
    for level in LEVELS:
        light = (plane > around + level * contrast).view(np.uint8)
        opened = cv2.morphologyEx(light, cv2.MORPH_OPEN, _disc(NEAR))
        patch = _largest_patch(np.asarray(opened, np.uint8))
        if patch is None:
            continue
        beyond = light[cv2.dilate(patch, _disc(NEAR)) == 0]
        if not beyond.size or beyond.mean() > OTHER:
            continue
        inner, outer = _along_outline(patch)
        if _is_crossed(plane < around - contrast, inner, outer):
            continue
        cut = sum(side.mean() > CUT for side in sides(patch))
        if (is_darker or cut > MOST_CUT) and _may_be_shade(planes, inner, outer):
            continue
        sharp = _sharp_share(plane, inner, outer, SHARP * contrast)
        if sharp >= OUTLINE:
            sheet = cv2.erode(patch, _disc(RIM), borderValue=1)
            yield sharp * contrast, np.asarray(sheet, np.uint8)


def _largest_patch(light: Ink) -> Ink | None:
    """Return the convex hull of the largest patch, (h, w) uint8; None if it is no sheet's."""
    outlines, _ = cv2.findContours(light, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    hull = cv2.convexHull(outline)
    area = cv2.contourArea(hull)
    shorter, longer = sorted(cv2.minAreaRect(hull)[1])
    if area < LEAST * light.size or longer > LONGEST * shorter:
        return None
    if cv2.contourArea(outline) < CONVEX * area:
        return None
    return np.asarray(cv2.fillConvexPoly(np.zeros_like(light), hull, 1), np.uint8)


def _along_outline(patch: Ink) -> tuple[Mask, Mask]:
    """(h, w) which pixels lie along a patch's outline, on it and beyond it."""
    within = [cv2.erode(patch, _disc(each), borderValue=1) > 0 for each in (NEAR, FAR)]
    beyond = [cv2.dilate(patch, _disc(each)) > 0 for each in (NEAR, FAR)]
    return within[0] & ~within[1], beyond[1] & ~beyond[0]


def _is_crossed(is_dark: Mask, inner: Mask, outer: Mask) -> bool:
    """Whether what is darker than the surroundings runs across an outline: a line of a letter."""
    reach = _disc(2 * NEAR + 1)
    across = cv2.dilate((is_dark & inner).view(np.uint8), reach) > 0
    return bool((across & is_dark & outer).any())


def _may_be_shade(planes: Sequence[Ink], inner: Mask, outer: Mask) -> bool:
    """Whether one side of an outline may be the other one's paper in another light."""
    if not (inner.any() and outer.any()):
        return True
    shares = [(np.median(plane[outer]) + 1) / (np.median(plane[inner]) + 1) for plane in planes]
    darkest = min(min(share, 1 / share) for share in shares)
    return bool(darkest > DARKER and max(shares) < COLOURED * min(shares))


def _sharp_share(plane: Ink, inner: Mask, outer: Mask, least: float) -> float:
    """Return how much of an outline is a step of at least so many greys, 0 to 1."""
    window = (4 * FAR + 1, 4 * FAR + 1)
    chosen = inner.astype(np.float32)
    count = cv2.boxFilter(chosen, -1, window, normalize=False)
    paper = cv2.boxFilter(plane * chosen, -1, window, normalize=False) / np.maximum(count, 1)
    steps = (paper - plane)[outer & (count > 0)]
    return float((steps >= least).mean()) if len(steps) else 0.0


def _paper(plane: Ink, is_sheet: Mask) -> Ink:
    """Return the shade of the paper, (h, w) uint8, as the sheet shows it, and as it would go on.

    Light falls off as a polynomial of second degree does; beyond the sheet it gets no lighter
    and no darker than on it.
    """
    height, width = plane.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    blank = is_sheet
    for _ in range(3):
        factors, *_ = np.linalg.lstsq(terms[blank], plane[blank].astype(np.float64), rcond=None)
        shade = terms @ factors
        strays = abs(plane - shade)
        blank = is_sheet & (strays <= INK * strays[blank].std() + 1)
    shade = shade.clip(shade[is_sheet].min(), shade[is_sheet].max())
    return np.asarray(shade.clip(0, 255), np.uint8)


def _disc(radius: int) -> Ink:
    side = 2 * radius + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)
