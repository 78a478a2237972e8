"""How each letter is written: its forms as pen paths, in the order of the hand.

One table (assets/strokes/templates.json) serves the synthesiser that teaches the
network and the page that teaches people.
"""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from .assets import ASSETS
from .characters import CHARACTERS, Character
from .strokes import Points

TEMPLATES_FILE = ASSETS / "strokes" / "templates.json"
STEPS = 6  # points of the smooth curve per control point

SHOWN_AT = 7  # units of the drawing surface per unit of the table
MIDDLE = 500  # of the surface
# Where a letter's dots are tapped around their middle, in the order of the hand.
_TAPS = {
    0: [],
    1: [(0, 0)],
    2: [(8, 0), (-8, 0)],
    3: [(8, 5), (-8, 5), (0, -8)],
}


@dataclass(frozen=True)
class ControlPath:
    """One pen path before it is smoothed.

    Attributes:
        points: (n, 2) control points, x to the right, y down.
        corners: For each point, whether the pen turns sharply there.
    """

    points: Points
    corners: tuple[bool, ...]


@dataclass(frozen=True)
class Template:
    """One form of a letter's body.

    Attributes:
        character: The letter it writes.
        form: What tells it from the letter's other forms, in words.
        weight: How often it is drawn when letters are synthesised, relative to others.
        paths: The body's paths in writing order.
        dots: How many dots are still to be added; 0 when the form has them in its paths.
        dot_center: Where the middle of the dots goes, in the paths' units; None without dots.
    """

    character: Character
    form: str
    weight: float
    paths: tuple[ControlPath, ...]
    dots: int
    dot_center: tuple[float, float] | None


@cache
def templates() -> tuple[Template, ...]:
    """Every form of every letter, in the order of the table of characters."""
    bodies = json.loads(TEMPLATES_FILE.read_text(encoding="utf-8"))["bodies"]
    return tuple(
        _template(character, entry)
        for character in CHARACTERS
        for entry in bodies[character.body]
        if character.letter in entry.get("only", character.letter)
    )


def plain_strokes(letter: str) -> list[list[int]]:
    """Write a letter's plainest form in the middle of the drawing surface.

    Returns:
        Paths [x0, y0, x1, y1, …] in writing order, in whole units of 0 to 1000; dots
        come last, each a path of one point.
    """
    forms = [template for template in templates() if template.character.letter == letter]
    plain = max(forms, key=lambda template: template.weight)  # the first of the heaviest
    paths = [smooth(path) for path in plain.paths]
    if plain.dot_center:
        paths += [np.add([tap], plain.dot_center) for tap in _TAPS[plain.dots]]
    points = np.concatenate(paths)
    center = (points.min(axis=0) + points.max(axis=0)) / 2
    placed = [np.rint((path - center) * SHOWN_AT + MIDDLE).astype(int) for path in paths]
    return [path.ravel().tolist() for path in placed]


def control_path(text: str) -> ControlPath:
    """Read a path from the table's notation: ``"88,38 86,55! 70,64"``, ! for a corner."""
    words = text.split()
    points = [[float(number) for number in word.rstrip("!").split(",")] for word in words]
    return ControlPath(np.array(points), tuple(word.endswith("!") for word in words))


def smooth(path: ControlPath) -> Points:
    """Draw the curve through a path's control points, with its corners kept.

    A Catmull-Rom spline per stretch between corners (Catmull and Rom 1974).

    Returns:
        (m, 2) points along the curve; a single control point stays one.
    """
    breaks = [0, *(i for i, corner in enumerate(path.corners) if corner), len(path.points) - 1]
    breaks = sorted(set(breaks))
    if len(breaks) == 1:
        return path.points
    stretches = [
        _catmull_rom(path.points[start : end + 1])
        for start, end in zip(breaks, breaks[1:], strict=False)
    ]
    return np.concatenate([stretches[0], *(stretch[1:] for stretch in stretches[1:])])


def _catmull_rom(points: Points) -> Points:
    """(n, 2) control points to ((n - 1) · STEPS + 1, 2) points on the curve."""
    if np.allclose(points[0], points[-1]) and len(points) > 3:  # closed: ends continue each other
        before, after = points[-2], points[1]
    else:
        before, after = 2 * points[0] - points[1], 2 * points[-1] - points[-2]
    p = np.vstack([before, points, after])
    p0, p1, p2, p3 = (p[i : len(p) - 3 + i, np.newaxis] for i in range(4))  # (n - 1, 1, 2)
    t = np.linspace(0, 1, STEPS, endpoint=False)[np.newaxis, :, np.newaxis]  # (1, STEPS, 1)
    curve = 0.5 * (
        2 * p1
        + (p2 - p0) * t
        + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2
        + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    )
    return np.vstack([curve.reshape(-1, 2), points[-1:]])


def _template(character: Character, entry: dict[str, Any]) -> Template:
    paths = tuple(control_path(text) for text in entry["strokes"].split("/"))
    place = character.place if entry.get("dots", True) else None
    return Template(
        character=character,
        form=entry["form"],
        weight=entry.get("weight", 1),
        paths=paths,
        dots=character.dots if place else 0,
        dot_center=tuple(entry[place]) if place else None,
    )
