"""Letters that nobody drew: our own stroke templates, varied as hands vary.

AHCD holds one form of most letters (its alef is أ, its heh is هـ) from one kind of
pen. The templates hold the forms that people write; this module moves, bends and
dots them and leaves strokes, which the page's own ``strokes_to_ink`` inks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recognizer.characters import LETTERS
from recognizer.templates import ControlPath, Template, smooth, templates

Points = NDArray[np.float64]
Rng = np.random.Generator

Manner = Literal["none", "dots", "dash", "caret", "dash and dot"]

# How often dots are written how, by their number; yeh alone goes without, as ى.
MANNERS: dict[int, dict[Manner, float]] = {
    1: {"dots": 1.0},
    2: {"dots": 0.7, "dash": 0.3},
    3: {"dots": 0.65, "caret": 0.2, "dash and dot": 0.15},
}
UNDOTTED_YEH = 0.25

CAREFUL = 0.9  # how often a hand makes sure that the letter's dots can be seen
CLEAR = 0.08  # of the letter's size; a dot that is nearer to the body may grow into it
PLACES = 8  # that a careful hand tries


@dataclass(frozen=True)
class Style:
    """How far a hand strays from the template; lengths in 0 to 1 of the letter's size.

    The defaults are the training styles. ``HELD_OUT`` is a hand that training never
    uses, for choosing between models.
    """

    control_jitter: float = 0.027
    rotation: float = 9.0  # degrees, standard deviation
    shear: float = 0.16
    stretch: float = 0.2  # of the logarithm of width over height
    bend: float = 0.03
    tremor: float = 0.006
    overshoot: float = 0.07
    dot_shift: float = 0.07
    touching: float = 0.06  # how often dots are so near that they may touch the body


TRAINING = Style()
HELD_OUT = Style(
    control_jitter=0.022, rotation=11.0, shear=0.08, stretch=0.27, bend=0.042, tremor=0.009
)
FURTHEST = 2.0  # times the usual straying; a hand that strays further cannot be read


class Synthesiser:
    """Draws letters from the templates.

    Every letter is equally likely, and within a letter every form by its weight.
    """

    def __init__(self, style: Style = TRAINING) -> None:
        """Sort the templates by letter."""
        self.style = style
        self._forms = [
            [template for template in templates() if template.character.letter == letter]
            for letter in LETTERS
        ]
        self._weights = []
        for forms in self._forms:
            weights = np.array([template.weight for template in forms])
            self._weights.append(weights / weights.sum())

    def draw(self, index: int, rng: Rng) -> list[Points]:
        """Write the letter with that class index in one of its forms.

        Returns:
            Paths, each (n, 2), in units of the letter: its longest side is about 1.
        """
        forms = self._forms[index]
        return self.write(forms[rng.choice(len(forms), p=self._weights[index])], rng)

    def write(self, template: Template, rng: Rng, manner: Manner | None = None) -> list[Points]:
        """Write one given form, varied as a hand varies it; its dots in a given manner or any."""
        style = self.style
        size = _extent(path.points for path in template.paths)
        tempo = min(rng.gamma(4, 0.25), FURTHEST)  # a hasty letter strays further everywhere
        jitter = style.control_jitter * size * tempo
        paths = [smooth(_jittered(path, jitter, rng)) for path in template.paths]
        paths = [_overshot(path, style.overshoot, rng) for path in paths]
        paths = _moved_apart(paths, 0.03 * size, rng)
        manner = manner or usual_manner(template, rng)
        if manner != "none":
            paths += self._dotted(template, manner, paths, rng)
        paths = [path / size for path in paths]
        return bent(turned(paths, style, rng), style.bend, style.tremor, rng)

    def _dotted(
        self, template: Template, manner: Manner, body: list[Points], rng: Rng
    ) -> list[Points]:
        """Dot a body that is written; mostly where the dots can be told from it."""
        style, size = self.style, _extent(path.points for path in template.paths)
        is_careful, is_touching = rng.random(2) < [CAREFUL, style.touching]
        gap = rng.uniform(0.12 if template.dots > 1 else 0.09, 0.23) * size
        for _ in range(PLACES):
            center = np.array(template.dot_center) + rng.normal(0, style.dot_shift * size, 2)
            if is_touching:
                center = _nearer(center, body, rng.uniform(0.15, 0.6))
            marks = dots(template.dots, manner, center, gap, rng)
            if is_touching or not is_careful or _distance(marks, body) > CLEAR * size:
                break
        return marks


def may_go_undotted(template: Template) -> bool:
    """Whether the form is written without its dots too: ى is, but not with its tail back."""
    return template.character.letter == "ي" and template.form != "tail back"


def usual_manner(template: Template, rng: Rng) -> Manner:
    """How this form's dots are written this time."""
    if not template.dots or (may_go_undotted(template) and rng.random() < UNDOTTED_YEH):
        return "none"
    manners = MANNERS[template.dots]
    return list(manners)[rng.choice(len(manners), p=list(manners.values()))]


def dots(count: int, manner: Manner, center: Points, gap: float, rng: Rng) -> list[Points]:
    """Dot a letter as people do: taps, blobs and rings, a dash for two, a caret for three.

    Args:
        count: 1 to 3 dots.
        manner: How they are written; a dash for two, a caret or dash and dot for three.
        center: (2,) their middle.
        gap: The distance between neighbours.
        rng: The source of chance.
    """
    if manner == "dash":
        tilt, sag = rng.normal(0, [0.2, 0.3])
        if rng.random() < 0.25:  # two taps and the way between them: a wave
            depth = rng.uniform(0.2, 0.5) * np.array([1, -1, 1, -1, 1]) + rng.normal(0, 0.05, 5)
            across = np.linspace(0.9, -0.9, 5)
            return [center + gap * np.stack([across, depth / 2 - tilt * across], axis=1)]
        return [center + gap * np.array([[0.8, -tilt], [sag, 0], [-0.8, tilt]])]
    if manner == "caret":
        rise = rng.uniform(0.6, 1.3)
        caret = np.array([[0.8, rise / 2], [0, -rise / 2], [-0.8, rise / 2]])
        return [center + gap * (caret + rng.normal(0, 0.08, (3, 2)))]
    if manner == "dash and dot":
        dash, tap = rng.normal(0, 0.1, (2, 2))
        dash_ends = center + gap * (np.array([[0.7, 0.4], [-0.7, 0.4]]) + dash)
        return [dash_ends, *_taps(center + gap * (np.array([[0, -0.5]]) + tap), gap, rng)]
    if count == 1:  # alone, a dot is often made larger
        gap = gap * rng.uniform(1, 1.7)
    return _taps(center + _constellation(count, gap, rng), gap, rng)


def turned(paths: Sequence[Points], style: Style, rng: Rng) -> list[Points]:
    """Rotate, slant and stretch a whole letter."""
    angle = np.deg2rad(rng.normal(0, style.rotation))
    stretch = np.exp(rng.normal(0, style.stretch) / 2)
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shear = np.array([[1, rng.normal(0, style.shear)], [0, 1]])
    matrix = rotation @ shear @ np.diag([stretch, 1 / stretch])
    return [path @ matrix.T for path in paths]


def bent(paths: Sequence[Points], bend: float, tremor: float, rng: Rng) -> list[Points]:
    """Bend a letter softly all over and let the pen tremble.

    Args:
        paths: In units of the letter.
        bend: Amplitude of three slow waves in each direction, about a letter long.
        tremor: Standard deviation of what the hand adds at each point.
        rng: The source of chance.
    """
    direction = rng.normal(0, 3.5, (2, 3, 2))  # waves a letter, for x and y
    phase = rng.uniform(0, 2 * np.pi, (2, 3))
    amount = rng.normal(0, bend, (2, 3)) * min(rng.gamma(3, 1 / 3), FURTHEST)
    trembling = tremor * min(rng.gamma(1, 1), FURTHEST)
    warped = []
    for path in paths:
        waves = np.sin(np.einsum("pd,awd->paw", path, direction) + phase)  # (n, 2, 3)
        shaken = _slow_noise(len(path), trembling, rng)
        warped.append(path + (waves * amount).sum(axis=2) + shaken)
    return warped


def placed(paths: Sequence[Points], size: float, rng: Rng) -> list[list[float]]:
    """Put a letter somewhere on the drawing surface, as the page would send it.

    Args:
        paths: In any units.
        size: Its longest side, 0 to 1 of the surface.
        rng: The source of chance for the place.

    Returns:
        Strokes, rounded to whole units, 0 to 1000.
    """
    points = np.concatenate(paths)
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    scale = 1000 * size / max(extent.max(), 1e-6)
    corner = rng.uniform(0, 1, 2) * (1000 - extent * scale)
    return [np.rint((path - low) * scale + corner).ravel().tolist() for path in paths]


def _jittered(path: ControlPath, amount: float, rng: Rng) -> ControlPath:
    """Move the control points, a closed path's ends almost together."""
    moved = path.points + rng.normal(0, amount, path.points.shape)
    if len(moved) > 3 and np.array_equal(path.points[0], path.points[-1]):
        moved[-1] = moved[0] + rng.normal(0, 0.8 * amount, 2)
    corners = tuple(corner and rng.random() < 0.75 for corner in path.corners)
    return ControlPath(moved, corners)


def _overshot(path: Points, amount: float, rng: Rng) -> Points:
    """Let the pen start late or stop late, by a share of the path's own length."""
    if len(path) < 4:
        return path
    cut = max(1, round(amount * len(path)))
    start, end = rng.integers(0, cut + 1, 2)
    path = path[start : len(path) - end]
    if rng.random() < 0.5:
        return path
    step = (path[-1] - path[-2]) * rng.uniform(0, 2 * cut)
    return np.vstack([path, path[-1] + step + rng.normal(0, 0.2, 2) * np.abs(step).max()])


def _moved_apart(paths: list[Points], amount: float, rng: Rng) -> list[Points]:
    """Shift every path after the first a little against it."""
    return paths[:1] + [path + rng.normal(0, amount, 2) for path in paths[1:]]


def _nearer(center: Points, paths: list[Points], share: float) -> Points:
    """Leave only a share of the way between the dots' middle and the body."""
    body = np.concatenate(paths)
    nearest = body[np.linalg.norm(body - center, axis=1).argmin()]
    return nearest + share * (center - nearest)


def _distance(paths: list[Points], others: list[Points]) -> float:
    """How near two groups of paths come to each other, from point to point."""
    between = np.concatenate(paths)[:, np.newaxis] - np.concatenate(others)
    return float(np.linalg.norm(between, axis=2).min())


def _constellation(count: int, gap: float, rng: Rng) -> Points:
    """(count, 2) places of separate dots around their middle."""
    if count == 1:
        return np.zeros((1, 2))
    if count == 2:
        angle = rng.normal(0, 0.25) if rng.random() < 0.93 else np.pi / 2
        half = np.array([np.cos(angle), np.sin(angle)]) * gap / 2
        return np.array([half, -half]) * rng.uniform(0.9, 1.6)
    side = rng.uniform(0.9, 1.4) * gap
    upside = 1 if rng.random() < 0.92 else -1
    triangle = np.array([[0.5, 0.35], [-0.5, 0.35], [0, -0.5]]) * [side, upside * side]
    return triangle + rng.normal(0, 0.1 * gap, (3, 2))


def _taps(places: Points, gap: float, rng: Rng) -> list[Points]:
    """A path for each dot, all in one manner: taps, short dashes, blobs or rings."""
    manner = rng.random()
    size = gap * rng.uniform(0.1, 0.32)
    if manner < 0.4:
        return [place[np.newaxis] for place in places]
    if manner < 0.75:
        dash = rng.normal(0, 1, 2) * size
        return [place + np.array([dash, -dash]) * rng.uniform(0.5, 1) for place in places]
    turns = np.linspace(0, 2 * np.pi * rng.uniform(0.9, 1.6), 8)
    ring = np.stack([np.cos(turns), np.sin(turns)], axis=1) * size
    return [place + ring * rng.uniform(0.6, 1.2, (1, 2)) for place in places]


def _slow_noise(count: int, amount: float, rng: Rng) -> Points:
    """(count, 2) noise that neighbouring points share, as a trembling hand leaves it."""
    noise = rng.normal(0, amount, (count + 2, 2))
    return (noise[:-2] + noise[1:-1] + noise[2:]) / 3**0.5


def _extent(points: Sequence[Points]) -> float:
    return float(np.ptp(np.concatenate(list(points)), axis=0).max())
