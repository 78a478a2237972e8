"""Frames: the box of a form or a work sheet around the letter is printed, not written.

A picture that was cut out along such a box shows one to four of its sides along its own.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from .ink import Ink, line_width
from .marks import DOT
from .pieces import Pieces, connected

INKED = 64  # a pixel at least this dark belongs to a frame
BAND = 0.12  # of a side; no further does a side of the frame stray, so it tilts up to 6 degrees
DASH = 0.06  # of a side; a gap between dashes is shorter
SPARSE = 0.25  # of a side; fewer dashes make no line
DRAWN = 0.9  # of a side; so much of a frame's side is there, its dashes joined
STRAIGHT = 0.01  # of a side, at least a pixel; no further do most places lie off a straight line
MOST = 0.75  # of the places along a side; the rest are round corners
CORNER = 0.2  # of both sides; what is left of a round corner lies in there
HANDLE = 0.15  # of the frame's longest side; a selection's handles are smaller
MIDDLE = 0.08  # of a side; so near to its middle is its handle
ALIKE = 1.5  # times as large, at most, is one handle as another
HANDLED = 3  # sides at least have a handle, or the pieces are dots of the letter
LEAST_INSIDE = 0.15  # of the frame's longest side; less inside it is a dot, or dirt
LEAST_BESIDE = 0.06  # of the picture's longest side; the same beside single lines
AT_EDGE = 2  # pixels; a line that runs off the picture is seen so near to its edge
THINNER = 0.7  # of the letter's line; a line so thin is no part of a letter
LARGEST_HAMZA = 0.6  # of the picture's shorter side; what a kaf holds is smaller
UPPER, LOWER, LEFT, RIGHT = range(4)  # the order of `_turns`
ACROSS = ((LEFT, RIGHT), (LEFT, RIGHT), (UPPER, LOWER), (UPPER, LOWER))  # where each side ends

Places = NDArray[np.intp]


def remove_frame(ink: Ink) -> Ink:
    """Erase a frame around everything else, and keep the letter that it holds.

    A frame has four straight sides, whole or dashed, and may have round corners. No letter
    has: a square heh has nothing inside, and the bowl of a noon no lid.

    Args:
        ink: (H, W) uint8; 0 is paper, 255 is full ink.

    Returns:
        (H, W) uint8, the same ink or a copy without its frame.
    """
    left, top, width, height = cv2.boundingRect((ink >= INKED).view(np.uint8))
    if min(width, height) < 2 / BAND or not _has_four_sides(
        ink[top : top + height, left : left + width]
    ):
        return ink
    cleaned = ink.copy()
    framed = cleaned[top : top + height, left : left + width]
    printed = np.zeros(framed.shape, np.uint8)
    # Each side in turn becomes the upper one: a view, whose pixels are the picture's own.
    for seen, found in zip(_turns(framed), _turns(printed), strict=True):
        if not _mark_upper_side(seen, found):
            return ink
    _mark_corners(framed, printed)
    _mark_handles(framed, printed)
    _erase(framed, printed)
    _, _, *inside = cv2.boundingRect((framed >= INKED).view(np.uint8))
    return cleaned if max(inside) >= LEAST_INSIDE * max(width, height) else ink


def remove_sides(ink: Ink) -> Ink:
    """Erase what is left of a frame: straight lines along one to four sides of the picture.

    They run off the picture or end at one another, and a letter stands clear of them and of all
    edges. Where a picture was cut out along its ink, lines of letters do so too: from the flat
    bowl of a beh only dots stand clear, and the stem and base of a kaf are as wide as its hamza.

    Args:
        ink: (H, W) uint8; 0 is paper, 255 is full ink.

    Returns:
        (H, W) uint8, the same ink or a copy without the lines.
    """
    if min(ink.shape) < 2 / BAND:
        return ink
    sides = _marked_sides(ink)
    if not sides:
        return ink
    printed = np.maximum.reduce(list(sides.values()))
    _mark_corners(ink, printed)
    cleaned = ink.copy()
    _erase(cleaned, printed)
    pen, extent = _letter_within(cleaned, printed)
    if not pen:
        return ink
    if extent <= LARGEST_HAMZA * min(ink.shape) and _is_like_kaf(sides):
        return cleaned if line_width(printed * np.uint8(255)) <= THINNER * pen else ink
    return cleaned


def _marked_sides(ink: Ink) -> dict[int, Ink]:
    """Return which sides are lines, by turn, each as (H, W) uint8, 1 where the line is."""
    sides: dict[int, Ink] = {}
    for turn, seen in enumerate(_turns(ink)):
        if _is_drawn(_band(seen).max(axis=0) >= INKED):
            printed = np.zeros(ink.shape, np.uint8)
            if _mark_upper_side(seen, _turns(printed)[turn]):
                sides[turn] = printed
    return {turn: side for turn, side in sides.items() if _ends_well(turn, sides)}


def _ends_well(turn: int, sides: dict[int, Ink]) -> bool:
    """Whether a side runs off the picture or ends at the sides across it."""
    is_marked = _turns(sides[turn])[turn].max(axis=0) > 0
    ends = int(is_marked.argmax()), int(is_marked[::-1].argmax())
    rooms = (BAND * len(is_marked) if across in sides else AT_EDGE for across in ACROSS[turn])
    return all(end <= room for end, room in zip(ends, rooms, strict=True))


def _is_like_kaf(sides: dict[int, Ink]) -> bool:
    """Whether there are the lower and the right side alone, both at the edge of the picture."""
    if sorted(sides) != [LOWER, RIGHT]:
        return False
    return all(_turns(side)[turn][0].mean() > CORNER for turn, side in sides.items())


def _letter_within(ink: Ink, printed: Ink) -> tuple[float, int]:
    """Return the width of the largest piece's line and its extent, in pixels; 0 for no letter.

    A letter is larger than a dot, and clear of what was printed and of the edges.
    """
    pieces = Pieces(ink, INKED)
    if not len(pieces):
        return 0, 0
    letter = pieces.largest()
    place, piece = pieces.place(letter)
    touched = cv2.dilate(printed, np.ones((3, 3), np.uint8))[place][piece].any()
    pen, extent = pieces.pen(letter), int(pieces.extents[letter])
    least = max(DOT * pen, LEAST_BESIDE * max(ink.shape))
    if touched or pieces.reach_edge()[letter] or extent <= least:
        return 0, 0
    return pen, extent


def _erase(ink: Ink, printed: Ink) -> None:
    """Clear the marked pixels, in place, and their soft rim."""
    rim = cv2.dilate(printed, np.ones((3, 3), np.uint8)) > 0
    ink[(printed > 0) | (rim & (ink < INKED))] = 0


def _has_four_sides(ink: Ink) -> bool:
    """Tell at once that most pictures show no frame; ink is cut out along what it holds."""
    return all(_is_drawn(_band(seen).max(axis=0) >= INKED) for seen in _turns(ink))


def _is_drawn(is_there: NDArray[np.bool_]) -> bool:
    """Whether nearly all of a side (n,) is there, or would be with its dashes joined."""
    if np.count_nonzero(is_there) < SPARSE * len(is_there):
        return False  # as on most pictures
    dash = np.ones((1, max(1, round(DASH * len(is_there)))), np.uint8)
    joined = cv2.morphologyEx(is_there.view(np.uint8)[np.newaxis], cv2.MORPH_CLOSE, dash)
    return bool(np.count_nonzero(joined) >= DRAWN * len(is_there))


def _turns(ink: Ink) -> tuple[Ink, Ink, Ink, Ink]:
    """Views of the ink with its top, bottom, left and right side uppermost."""
    return ink, ink[::-1], ink.T, ink.T[::-1]


def _band(ink: Ink) -> Ink:
    return ink[: max(2, round(BAND * ink.shape[0]))]


def _mark_upper_side(ink: Ink, printed: Ink) -> bool:
    """Mark the pixels of the frame's upper side, if it is straight.

    Args:
        ink: (h, w) uint8, cut out along the frame.
        printed: (h, w) uint8, set to 1 where the side is; where the letter touches it, no
            further than the side is thick elsewhere.

    Returns:
        Whether there is a straight side.
    """
    inked = ink[: 3 * len(_band(ink))] >= INKED
    is_there = inked[: len(_band(ink))].any(axis=0)
    columns = np.flatnonzero(is_there)
    starts = inked[:, columns].argmax(axis=0)
    line = _straight_line(columns, starts)
    near = abs(starts - line(columns)) <= max(1.0, STRAIGHT * ink.shape[1])
    if np.count_nonzero(near) < MOST * len(columns):
        return False
    # How far down the ink goes on, from where it starts.
    rows = np.arange(len(inked))[:, np.newaxis]
    goes_on = inked[:, columns] | (rows < starts)
    ends = np.where(goes_on.all(axis=0), len(inked), goes_on.argmin(axis=0))
    thickness = int(np.median((ends - starts)[near]))
    if thickness > len(_band(ink)):
        return False
    lasts = np.where(ends - starts <= 2 * thickness + 1, ends, starts + thickness)
    is_side = (rows >= starts) & (rows < lasts) & near
    printed[: len(inked), columns] |= is_side.view(np.uint8)
    return True


def _mark_corners(ink: Ink, printed: Ink) -> None:
    """Mark what the straight sides left of round corners: pieces that hang on them."""
    rest = ((ink >= INKED) & (printed == 0)).view(np.uint8)
    labels, stats = connected(rest)
    touching = cv2.dilate(printed, np.ones((3, 3), np.uint8)) > 0
    height, width = ink.shape
    left, top = stats[:, 0], stats[:, 1]
    right, bottom = left + stats[:, 2], top + stats[:, 3]
    is_corner = (right <= CORNER * width) | (left >= (1 - CORNER) * width)
    is_corner &= (bottom <= CORNER * height) | (top >= (1 - CORNER) * height)
    hangs = np.zeros(len(stats), bool)
    hangs[labels[touching]] = True
    hangs[0] = False
    printed |= (hangs & is_corner)[labels].view(np.uint8)


def _mark_handles(ink: Ink, printed: Ink) -> None:
    """Mark the handles at which a selection is drawn larger: alike, at the middles of its sides."""
    rest = ((ink >= INKED) & (printed == 0)).view(np.uint8)
    labels, stats = connected(rest)
    extents = stats[:, 2:4].max(axis=1)
    x, y = ((stats[:, :2] + stats[:, 2:4] / 2) / ink.shape[::-1]).T  # 0 to 1, of their middles
    are_small = extents <= HANDLE * max(ink.shape)
    at_sides = [
        are_small & (abs(along - 0.5) <= MIDDLE) & (across <= BAND)
        for across, along in ((y, x), (1 - y, x), (x, y), (1 - x, y))
    ]
    of_any = np.logical_or.reduce(at_sides)
    if not of_any.any():
        return  # as in most frames
    usual = np.median(extents[of_any])
    alike = of_any & (extents <= ALIKE * usual) & (extents >= usual / ALIKE)
    if sum((at_side & alike).any() for at_side in at_sides) < HANDLED:
        return
    hang = np.zeros(len(stats), bool)
    hang[labels[cv2.dilate(printed, np.ones((3, 3), np.uint8)) > 0]] = True
    printed |= (of_any & (alike | hang))[labels].view(np.uint8)


def _straight_line(columns: Places, starts: Places) -> np.poly1d:
    """The line through most of the places, whatever the letter adds to some of them."""
    line = np.poly1d(np.polyfit(columns, starts, 1))
    off = abs(starts - line(columns))
    close = off <= np.median(off) + 1
    return np.poly1d(np.polyfit(columns[close], starts[close], 1))
