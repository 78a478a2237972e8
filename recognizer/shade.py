"""Ink on uneven paper: photos with shadows and gradients, ruled paper.

Each place is judged against the paper around it. Light and shade scale ink and paper
alike, so it is their ratio that counts.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from .frame import remove_frame, remove_sides
from .ink import Ink
from .marks import no_ink, remove_what_reaches_the_edge
from .ruling import remove_ruling

PHOTO_SIDE = 512  # pixels; a larger photo is reduced, and its noise with it
MIN_RATIO = 0.1  # between ink and the paper's brightness; less is an empty sheet
LETTER = 0.002  # of the photo, at least, is the ink of a letter
SMALL_LETTER = 0.0003  # of the photo; the same, where a letter of usual size cannot be seen
NOISE = 6  # standard deviations; ink stands out further than this
FAINT = 0.25  # of full ink; what stays below is paper, ruling, a crease
PRESSED = 0.5  # of full ink; a piece that reaches this nowhere is not the pen's
SOLID = 0.7  # of full ink; from here on a pixel is all ink


def ink_on_uneven_paper(planes: Sequence[Ink]) -> Ink:
    """Find what is darker (or lighter) than the paper around it.

    Args:
        planes: One grey or three colour planes, each (H, W) uint8.

    Returns:
        (h, w) uint8 ink, at most 512 pixels a side; 0 is paper, 255 is full ink, edges soft.

    Raises:
        EmptyDrawingError: If nothing stands out.
    """
    planes = [_smooth(plane) for plane in planes]
    is_dark = _is_ink_dark(planes)
    ratios = [_ratio_to_paper(plane, is_dark=is_dark) for plane in planes]
    ratio, full, noise = _strongest(ratios)
    faint = max(NOISE / 2 * noise, FAINT * full)
    solid = max(SOLID * full, 1.5 * faint)
    ink = np.clip((ratio - faint) * (255 / (solid - faint)), 0, 255).astype(np.uint8)
    ink = _without_faint_pieces(ink, ratio >= PRESSED * full)
    return remove_what_reaches_the_edge(remove_ruling(remove_frame(remove_sides(ink))))


def _strongest(ratios: Sequence[NDArray[np.float32]]) -> tuple[NDArray[np.float32], float, float]:
    """Return the colour in which the pen shows best, how strongly, and the noise of its paper.

    Raises:
        EmptyDrawingError: If nothing stands out.
    """
    for share in (LETTER, SMALL_LETTER):
        fulls = [float(np.quantile(ratio, 1 - share)) for ratio in ratios]
        full = max(fulls)
        ratio = ratios[fulls.index(full)]
        noise = 1.48 * float(np.median(np.abs(ratio)))  # of the paper: most of a photo
        if full >= max(NOISE * noise, MIN_RATIO):
            return ratio, full, noise
    raise no_ink()


def _smooth(plane: Ink) -> Ink:
    """Reduce a plane to at most 512 pixels a side and calm its noise."""
    scale = PHOTO_SIDE / max(plane.shape)
    if scale < 1:
        size = [max(2, round(side * scale)) for side in plane.shape[::-1]]
        plane = np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.GaussianBlur(plane, (3, 3), 0), np.uint8)


def _is_ink_dark(planes: Sequence[Ink]) -> bool:
    """Tell dark ink from light, from what stands out in the middle of the picture."""
    dark = light = 0.0
    for plane in planes:
        # Paper is the median of any region much wider than the pen, whatever its shade.
        small = np.asarray(cv2.resize(plane, (96, 96), interpolation=cv2.INTER_AREA), np.uint8)
        paper = np.asarray(cv2.medianBlur(small, 37), np.uint8)
        # The outer parts may show the table, next to which any paper is light.
        middle = small[16:80, 16:80].astype(np.float32) - paper[16:80, 16:80]
        dark += float(np.square(middle.clip(max=0)).sum())
        light += float(np.square(middle.clip(min=0)).sum())
    return dark >= light


def _ratio_to_paper(plane: Ink, *, is_dark: bool) -> NDArray[np.float32]:
    """Return how far each pixel is from the local paper, as a share of the paper."""
    # Closing wipes dark marks narrower than the kernel and keeps the edges of shadows.
    side = max(3, min(plane.shape) // 6)
    operation = cv2.MORPH_CLOSE if is_dark else cv2.MORPH_OPEN
    paper = cv2.morphologyEx(plane, operation, np.ones((side, side), np.uint8))
    # The darkest shadow would divide by nothing but noise.
    ratio = (plane.astype(np.float32) + 8) / (paper.astype(np.float32) + 8) - 1
    if is_dark:
        ratio = -ratio
    return np.asarray(ratio - np.median(ratio), np.float32)


def _without_faint_pieces(ink: Ink, is_pressed: NDArray[np.bool_]) -> Ink:
    """Drop pieces that are faint all over: rulings, creases, what shows through."""
    _, labels = cv2.connectedComponents((ink > 0).view(np.uint8), connectivity=8)
    is_kept = np.zeros(int(labels.max()) + 1, np.uint8)
    is_kept[labels[is_pressed & (ink > 0)]] = 1
    return np.asarray(ink * is_kept[labels], np.uint8)
