"""Letters drawn on purpose right and wrong, each with what a coach should say of it.

Bodies come from the stroke templates or from `tests.hand`; the dots are added here.
"""

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from recognizer.characters import CHARACTERS, LETTERS, Character, DotPlace
from recognizer.dots import densified
from recognizer.templates import ControlPath, Template, smooth, templates
from tests.hand import form_by_hand
from train.synthesis import MANNERS, Style, Synthesiser, placed, usual_manner

Strokes = list[list[float]]
Rng = np.random.Generator
Hand = Callable[[str, Rng], Template]

_CHARACTERS = {character.letter: character for character in CHARACTERS}
_UNUSUAL: dict[DotPlace, DotPlace] = {"above": "below", "below": "above", "inside": "above"}


@dataclass(frozen=True)
class Drawn:
    """One drawing and what a coach should say of it; None where it may say anything.

    Attributes:
        kind: What was done to the letter.
        asked: The letter that was to be drawn.
        strokes: The drawing.
        pen_width: In 0 to 1 of the surface's side.
        hint: The first hint.
        dots: How many dots are drawn.
        place: Where they are.
        note: The letter and the form that was drawn.
    """

    kind: str
    asked: str
    strokes: Strokes
    pen_width: float
    hint: str
    dots: int | None
    place: DotPlace | None
    note: str


def from_templates(letter: str, rng: Rng) -> Template:
    """Choose one form of a letter, by how often it is written."""
    forms = [template for template in templates() if template.character.letter == letter]
    weights = np.array([form.weight for form in forms])
    return forms[rng.choice(len(forms), p=weights / weights.sum())]


def from_hand(letter: str, rng: Rng) -> Template:
    """The one form that the other hand writes."""
    return form_by_hand(letter)


class Learner:
    """Draws letters right, and wrong in every way that a coach should see."""

    def __init__(self, hand: Hand, style: Style) -> None:
        self.hand = hand
        self._pen = Synthesiser(style)

    def drawings(self, letter: str, rng: Rng) -> Iterator[Drawn]:
        """One drawing of each kind of mistake that this letter allows, and some right ones."""
        character = _CHARACTERS[letter]
        yield self.right(character, rng)
        yield self.right(character, rng)
        if character.dots:
            yield self.dots_missing(character, rng)
            yield self.dots_on_the_wrong_side(character, rng)
        yield self.dot_added(character, rng)
        yield self.wrong_body(character, rng)
        yield self.another_letter(character, rng)
        yield self.scribble(character, rng)

    def right(self, character: Character, rng: Rng) -> Drawn:
        form = self.hand(character.letter, rng)
        manner = usual_manner(form, rng)
        is_dotted = manner != "none" or not character.dots
        strokes, pen = self._drawn(form, rng, manner)
        seen = (character.dots, character.place) if is_dotted else (None, None)
        return Drawn("right", character.letter, strokes, pen, "right", *seen, _note(form))

    def dots_missing(self, character: Character, rng: Rng) -> Drawn:
        fewest = 1 if character.letter == "ي" else 0  # ى is a yeh
        left = int(rng.integers(fewest, character.dots))
        form = _dotted(self._dotted_form(character, rng), left, character.place)
        strokes, pen = self._drawn(form, rng)
        place = character.place if left else None
        seen = ("dots_missing", left, place)
        return Drawn("dots missing", character.letter, strokes, pen, *seen, _note(form))

    def dot_added(self, character: Character, rng: Rng) -> Drawn:
        form = self._dotted_form(character, rng)
        place = character.place or _usual_place(character, rng)
        form = _dotted(form, character.dots + 1, place)
        strokes, pen = self._drawn(form, rng)
        seen = ("dots_extra", character.dots + 1, place)
        return Drawn("dot added", character.letter, strokes, pen, *seen, _note(form))

    def dots_on_the_wrong_side(self, character: Character, rng: Rng) -> Drawn:
        assert character.place
        place = _UNUSUAL[character.place]
        if character.letter == "خ":
            place = "inside"
        form = _dotted(self._dotted_form(character, rng), character.dots, place)
        strokes, pen = self._drawn(form, rng)
        seen = ("dots_place", character.dots, place)
        return Drawn("wrong side", character.letter, strokes, pen, *seen, _note(form))

    def wrong_body(self, character: Character, rng: Rng) -> Drawn:
        other = _of_another_family(character, rng)
        form = _dotted(self._dotted_form(other, rng), character.dots, character.place)
        strokes, pen = self._drawn(form, rng)
        seen = ("body_different", character.dots, character.place)
        if character.place == "inside":
            seen = ("body_different", character.dots, None)
        return Drawn("wrong body", character.letter, strokes, pen, *seen, _note(form))

    def another_letter(self, character: Character, rng: Rng) -> Drawn:
        other = _of_another_family(character, rng)
        form = self._dotted_form(other, rng)
        strokes, pen = self._drawn(form, rng)
        seen = ("body_different", other.dots, other.place)
        return Drawn("another letter", character.letter, strokes, pen, *seen, _note(form))

    def scribble(self, character: Character, rng: Rng) -> Drawn:
        """A tangle, a walk to and fro, or a fence of lines."""
        count = int(rng.integers(16, 40))
        kind = int(rng.integers(3))
        points = rng.uniform(0, 1, (count, 2))
        if kind == 1:
            points = np.cumsum(rng.normal(0, 1, (count, 2)), axis=0)
        paths = [smooth(ControlPath(points, (False,) * count))]
        if kind == 2:
            ends = rng.uniform(0, 1, (count // 2, 2, 2))
            paths = list(ends)
        strokes = placed(paths, rng.uniform(0.4, 0.9), rng)
        seen = ("not_a_letter", None, None)
        return Drawn("scribble", character.letter, strokes, 0.05, *seen, f"kind {kind}")

    def _drawn(self, form: Template, rng: Rng, manner: str = "") -> tuple[Strokes, float]:
        if not manner:
            manner = "none"
            if form.dots:
                manners = MANNERS[form.dots]
                manner = list(manners)[rng.choice(len(manners), p=list(manners.values()))]
        pen = float(rng.uniform(0.03, 0.07))
        while True:
            paths = self._pen.write(form, rng, manner)  # type: ignore[arg-type]
            strokes = placed(paths, rng.uniform(0.35, 0.9), rng)
            if _is_legible(strokes, len(form.paths), pen):
                return strokes, pen

    def _dotted_form(self, character: Character, rng: Rng) -> Template:
        """A form whose dots are not part of its body's line."""
        while (form := self.hand(character.letter, rng)).dots != character.dots:
            pass
        return form


def _is_legible(strokes: Strokes, body_paths: int, pen: float) -> bool:
    """Tell whether every dot stands clear of the body and of the others: a hand would see to it."""
    paths = [np.array(path).reshape(-1, 2) for path in strokes]
    dots, body = [], []
    for index, path in enumerate(paths):
        is_dot = index >= body_paths or len(path) == 1
        (dots if is_dot else body).append(path)
    line = densified(body[0], 5)
    line = np.concatenate([line, *(densified(path, 5) for path in body[1:])])
    size = np.ptp(line, axis=0).max()
    middles = [(dot.min(axis=0) + dot.max(axis=0)) / 2 for dot in dots]
    for index, middle in enumerate(middles):
        if np.hypot(*(line - middle).T).min() < max(1000 * pen, 0.06 * size):
            return False
        if any(np.hypot(*(middle - other)) < 0.06 * size for other in middles[:index]):
            return False
    return True


def _usual_place(character: Character, rng: Rng) -> DotPlace:
    """Where a dot would go on an undotted letter."""
    places = {c.place for c in CHARACTERS if c.body == character.body and c.place}
    return sorted(places)[rng.integers(len(places))] if places else "above"  # type: ignore[type-var]


def _of_another_family(character: Character, rng: Rng) -> Character:
    families = [c for c in LETTERS if _CHARACTERS[c].body != character.body]
    bodies = sorted({_CHARACTERS[c].body for c in families})
    body = bodies[rng.integers(len(bodies))]
    letters = [c for c in families if _CHARACTERS[c].body == body]
    return _CHARACTERS[letters[rng.integers(len(letters))]]


def _dotted(form: Template, dots: int, place: DotPlace | None) -> Template:
    """The same body with so many dots in that place."""
    if not dots or place is None:
        return dataclasses.replace(form, dots=0, dot_center=None)
    center = _center(form, place)
    paths = form.paths
    if dots > 3:
        size = np.ptp(np.concatenate([path.points for path in paths]), axis=0).max()
        fourth = np.array([center]) + [[0, 0.28 * size * (1 if place == "below" else -1)]]
        paths = (*paths, ControlPath(fourth, (False,)))
    return dataclasses.replace(form, paths=paths, dots=min(dots, 3), dot_center=center)


def _center(form: Template, place: DotPlace) -> tuple[float, float]:
    """Where the dots of a body go: where a letter of its family has them, else beside its box."""
    if form.character.place == place and form.dot_center:
        return form.dot_center
    for sibling in templates():
        is_same = (sibling.form, sibling.character.body) == (form.form, form.character.body)
        if is_same and sibling.character.place == place and sibling.dot_center:
            return sibling.dot_center
    points = np.concatenate([smooth(path) for path in form.paths])
    low, high = points.min(axis=0), points.max(axis=0)
    x, y = (low + high) / 2
    away = 0.2 * (high - low).max()
    return {
        "above": (float(x), float(low[1] - away)),
        "below": (float(x), float(high[1] + away)),
        "inside": (float(x + 0.1 * (high - low)[0]), float(y + 0.1 * (high - low)[1])),
    }[place]


def _note(form: Template) -> str:
    return f"{form.character.letter} {form.form}"
