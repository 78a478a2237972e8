"""What is known of a drawing, for the letter that was asked for.

Two witnesses are heard. The geometry of the strokes says which of them are dots, how many
and where (`recognizer.dots`); the network says whether the body is the one that was asked
for. So that wrong dots do not mislead the network, it is shown the body once more with the
right dots of each letter of the family (`recognizer.bodies`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal, TypeAlias

from .bodies import body_ink, with_dots_of
from .characters import BY_LETTER, CHARACTERS, LETTERS, Character, DotPlace
from .dots import (
    TAP,
    Drawing,
    Mark,
    ends_in_joined_dots,
    height_of,
    place_of,
    take_apart,
    windings,
)
from .recognize import Prediction, Recognizer
from .strokes import SURFACE, Strokes, points_of, strokes_to_ink, suited_pen

BodyVerdict: TypeAlias = Literal["right", "different", "unsure"]

RIGHT_BODY = 0.5  # of the network's belief, when the body wears the family's own dots
UNSURE_BODY = 0.38
CLEAR_BODY = 0.85  # the belief in its body that makes it clear as well
ANOTHER = 0.95  # the belief in another letter with the very dots that are drawn
OWN_MARK = 0.2  # of the body's size; alef's hamza and kaf's inner mark are larger, dots smaller
BENT = 180  # degrees; a smaller mark that the pen turns further in is no dot of theirs either
CERTAIN = 0.95  # the belief in an alef or a kaf that makes any mark its own, but for taps
BARE = 0.9  # the belief in a bare body that is another's, whatever it looks like with dots
HEAD = 0.2  # of the height of a hah's body: what stands higher is above its head
SCRIBBLE = 4.5  # lengths of line a diagonal of the box; no form of any letter has 3.4

# A body with another number of dots often passes for one of these: then its dots are
# to blame, not its shape. (An undotted ق looks like و, a dotted ل like ن.)
_PASSES_FOR = {
    "ا": "ر",
    "ب": "ن",
    "د": "بر",
    "ر": "د",
    "ف": "بقو",
    "ق": "فوي",
    "ل": "ن",
    "ن": "ب",
    "و": "فق",
    "ي": "ق",
}
# With two dots above these pass for a ق; without them no ق is read as one of these.
_DISGUISED_AS = {"ق": "يه"}
_WITH_OWN_MARKS = "اك"
_WITH_JOINED_DOTS = "نق"
ALSO_UNDOTTED = "ي"  # as ى


@dataclass(frozen=True)
class Evidence:
    """What both witnesses say of one drawing, for one asked letter.

    Attributes:
        asked: The letter that was to be drawn.
        drawing: The drawing taken apart.
        whole: What the network reads in it as it is.
        bare: What it reads in the body alone.
        dressed: What it reads in the body with the right dots of each letter of the
            asked one's family.
    """

    asked: Character
    drawing: Drawing
    whole: Prediction
    bare: Prediction
    dressed: tuple[Prediction, ...]


def gather(
    recognizer: Recognizer, strokes: Strokes, asked: Character, pen_width: float
) -> Evidence:
    """Hear both witnesses; the network is called once, for five inks at most.

    Args:
        recognizer: Who reads.
        strokes: Checked paths, none of them empty.
        asked: The letter that was to be drawn.
        pen_width: Width of the pen, in 0 to 1 of the surface's side.

    Raises:
        EmptyDrawingError: If there is no path.
    """
    whole = strokes_to_ink(strokes, pen_width=pen_width)
    paths = [points_of(path) for path in strokes]
    pen = SURFACE * suited_pen(paths, pen_width)
    drawing = take_apart(paths, pen)
    family = [c for c in CHARACTERS if c.body == asked.body]
    dotted = [with_dots_of(drawing.body, c, pen) for c in family if c.dots]
    bare = body_ink(drawing.body, pen)
    read = recognizer.recognize_inks([whole, bare, *dotted])
    dressed = read[2:] if len(dotted) == len(family) else read[1:]
    return Evidence(asked, drawing, read[0], read[1], tuple(dressed))


def is_no_letter(evidence: Evidence, body: BodyVerdict) -> bool:
    """Tell a scribble: too much line, or like no letter with its dots and without them."""
    if windings(evidence.drawing) > SCRIBBLE:
        return True
    reads = (evidence.whole, evidence.bare)
    is_none = all(read.verdict == "not_a_letter" for read in reads)
    return is_none and (body != "right" or body_belief(evidence) < CLEAR_BODY)


def body_verdict(evidence: Evidence) -> BodyVerdict:
    """Say whether the body is that of the asked letter's family."""
    belief = body_belief(evidence)
    if _is_another_letter(evidence) or belief < UNSURE_BODY:
        return "different"
    return "right" if belief >= RIGHT_BODY else "unsure"


def body_belief(evidence: Evidence) -> float:
    """Return how much the network believes in the family when the body wears its dots, 0 to 1."""
    family = evidence.asked.body
    beliefs = [_family_belief(read, family) for read in evidence.dressed]
    belief = sum(beliefs) / len(beliefs)
    if family in _WITH_OWN_MARKS:
        belief = max(belief, _family_belief(evidence.whole, family))
    # Two dots below make a ي of nearly any body, so that they cannot tell. But one whose tail
    # runs back is an ع without them.
    is_tail_back = bool(evidence.drawing.marks) and BY_LETTER[evidence.bare.letter].body == "ع"
    if family in ALSO_UNDOTTED and not is_tail_back:
        belief = _family_belief(evidence.bare, family)
    return belief


def _is_another_letter(evidence: Evidence) -> bool:
    """Tell a letter of another family that is drawn with all its own dots, or in disguise."""
    read, bare = BY_LETTER[evidence.whole.letter], BY_LETTER[evidence.bare.letter]
    family = evidence.asked.body
    if bare.body in _DISGUISED_AS.get(family, "") and evidence.bare.confidence >= BARE:
        return True
    if read.body == family or read.body in _PASSES_FOR.get(family, ""):
        return False
    if evidence.whole.confidence < ANOTHER:
        return False
    marks = dot_marks(evidence, read)
    if not marks and read.letter in ALSO_UNDOTTED:
        return True
    if read.dots not in dot_totals(marks):
        return False
    return all(mark_place(mark, evidence.drawing, read) == read.place for mark in marks)


def likeliest_other_body(evidence: Evidence) -> str:
    """Return the letter that stands for the likeliest family but the asked one's."""
    bodies = {c.body for c in CHARACTERS} - {evidence.asked.body}
    return max(sorted(bodies), key=lambda body: _family_belief(evidence.whole, body))


def dot_marks(evidence: Evidence, letter: Character) -> list[Mark]:
    """Return the marks that are dots: not the hamza of an alef, nor the mark inside a kaf."""
    marks = evidence.drawing.marks
    if letter.letter not in _WITH_OWN_MARKS:
        return list(marks)
    is_certain = belief_in(evidence.whole, letter) >= CERTAIN
    return [mark for mark in marks if not _is_own_mark(mark, is_certain=is_certain)]


def _is_own_mark(mark: Mark, *, is_certain: bool) -> bool:
    is_no_tap = mark.extent > TAP and (is_certain or mark.turning > BENT)
    return mark.extent >= OWN_MARK or is_no_tap


def dot_totals(marks: Sequence[Mark]) -> list[int]:
    """Return how many dots there may be in all, the likeliest first.

    Beyond eight marks a shape is no longer asked what it stands for.
    """
    choices = [mark.counts for mark in marks[:8]] + [(1,)] * len(marks[8:])
    return list(dict.fromkeys(sum(counts) for counts in product(*choices)))


def mark_place(mark: Mark, drawing: Drawing, character: Character) -> DotPlace:
    """Say where a mark stands, in the terms of a letter's family."""
    place = place_of(mark, drawing)
    if character.body in "بن" and place == "inside":
        return "above"  # deep in the bowl, but above its line
    if character.body == "ح":  # its bowl is open to the right, and a jeem's dot may hang below
        return "above" if height_of(mark, drawing) < HEAD else "inside"
    return place


def are_dots_joined(evidence: Evidence) -> bool:
    """Tell a noon or qaf whose last stroke runs on into its dot, without lifting the pen."""
    is_such = evidence.asked.letter in _WITH_JOINED_DOTS and not evidence.drawing.marks
    is_read = evidence.whole.letter == evidence.asked.letter
    return is_such and is_read and ends_in_joined_dots(evidence.drawing)


def belief_in(read: Prediction, character: Character) -> float:
    """Return the network's probability of a letter."""
    return read.probabilities[LETTERS.index(character.letter)]


def _family_belief(read: Prediction, body: str) -> float:
    return sum(belief_in(read, character) for character in CHARACTERS if character.body == body)
