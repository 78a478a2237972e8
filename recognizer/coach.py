"""What a learner is told about a letter: right, unclear, or what differs, in its own terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from .characters import BY_LETTER, CHARACTERS, Character, DotPlace, character_of
from .dots import Mark
from .evidence import (
    ALSO_UNDOTTED,
    CLEAR_BODY,
    BodyVerdict,
    Evidence,
    are_dots_joined,
    belief_in,
    body_belief,
    body_verdict,
    dot_marks,
    dot_totals,
    gather,
    is_no_letter,
    likeliest_other_body,
    mark_place,
)
from .recognize import Recognizer
from .strokes import PEN_WIDTH, check_strokes

Result: TypeAlias = Literal["right", "unclear", "different", "not_a_letter"]
Hint: TypeAlias = Literal[
    "right",
    "unclear",
    "dots_missing",
    "dots_extra",
    "dots_place",
    "body_different",
    "not_a_letter",
]

CLEAR = 0.5  # the belief in the asked letter from which a right drawing is clear


@dataclass(frozen=True)
class Feedback:
    """What is told about one drawing.

    Attributes:
        asked: The letter that was to be drawn.
        result: "right"; "unclear", when it is probably right but hard to read;
            "different", when the body or the dots are another's; "not_a_letter".
        read: The letter that the network reads in the drawing.
        confidence: Its probability, 0 to 1.
        body: Whether the body is that of the asked letter's family.
        body_read: The letter that stands for the family of the body: the asked one's
            if the body is right, else the likeliest other.
        dots_wanted: How many dots the asked letter has, 0 to 3.
        dots_drawn: How many are drawn.
        place_wanted: Where the asked letter's dots stand; None without dots.
        place_drawn: Where the drawn ones stand; None if there are none. If they are
            not all in one place, a wrong one.
        hints: What to say, the most important first, of these codes:
            "right", "unclear", "not_a_letter": each stands alone;
            "body_different": the body is not that of the asked letter's family;
            "dots_missing", "dots_extra": there are fewer or more dots than wanted;
            "dots_place": the dots stand in another place.
    """

    asked: str
    result: Result
    read: str
    confidence: float
    body: BodyVerdict
    body_read: str
    dots_wanted: int
    dots_drawn: int
    place_wanted: DotPlace | None
    place_drawn: DotPlace | None
    hints: tuple[Hint, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values in no human language, for the page to word."""
        return {
            "asked": self.asked,
            "result": self.result,
            "read": self.read,
            "confidence": self.confidence,
            "body": self.body,
            "body_read": self.body_read,
            "dots": {"wanted": self.dots_wanted, "drawn": self.dots_drawn},
            "place": {"wanted": self.place_wanted, "drawn": self.place_drawn},
            "hints": list(self.hints),
        }


def coach(
    recognizer: Recognizer, strokes: Any, letter: str, *, pen_width: float = PEN_WIDTH
) -> Feedback:
    """Compare a drawing with the letter that was asked for.

    Args:
        recognizer: Who reads; its network is called once.
        strokes: A list of paths, each [x0, y0, x1, y1, …] in 0 to 1000 of the surface.
        letter: The letter that was to be drawn, one of LETTERS.
        pen_width: Width of the pen, in 0 to 1 of the surface's side.

    Raises:
        StrokesError: If the strokes are not that.
        EmptyDrawingError: If nothing is drawn.
        LetterError: If the letter is not one of ours.
    """
    asked = character_of(letter)
    evidence = gather(recognizer, check_strokes(strokes), asked, pen_width)
    return _judge(evidence)


def _judge(evidence: Evidence) -> Feedback:
    asked, whole = evidence.asked, evidence.whole
    body = body_verdict(evidence)
    # A hamza is alef's and a low dot jeem's: marks are what the letter makes of them.
    terms = BY_LETTER[whole.letter] if body == "different" else asked
    marks = dot_marks(evidence, terms)
    place = _place_drawn(evidence, marks, terms)
    drawn = _dots_drawn(evidence, marks, is_misplaced=place != asked.place)
    place = place if drawn else None
    result, hints = _sentence(evidence, body, _dot_hints(evidence, drawn, place))
    return Feedback(
        asked=asked.letter,
        result=result,
        read=whole.letter,
        confidence=whole.confidence,
        body=body,
        body_read=asked.body if body == "right" else likeliest_other_body(evidence),
        dots_wanted=asked.dots,
        dots_drawn=drawn,
        place_wanted=asked.place,
        place_drawn=place,
        hints=hints,
    )


def _sentence(
    evidence: Evidence, body: BodyVerdict, dots: tuple[Hint, ...]
) -> tuple[Result, tuple[Hint, ...]]:
    if is_no_letter(evidence, body):
        return "not_a_letter", ("not_a_letter",)
    if body == "different":
        return "different", ("body_different", *dots)
    if dots:
        return "different", dots
    clear = belief_in(evidence.whole, evidence.asked) >= CLEAR
    if body == "right" and (clear or body_belief(evidence) >= CLEAR_BODY):
        return "right", ("right",)
    return "unclear", ("unclear",)


def _dots_drawn(evidence: Evidence, marks: Sequence[Mark], *, is_misplaced: bool) -> int:
    """Count dots; where the shape of a mark leaves a choice, the network has a say."""
    asked, totals = evidence.asked, dot_totals(marks)
    if are_dots_joined(evidence) or (is_misplaced and asked.dots in totals):
        return asked.dots  # the network knows no letter with its dots misplaced

    def belief(total: int) -> float:
        beliefs = [belief_in(evidence.whole, c) for c in CHARACTERS if c.dots == total]
        return max(beliefs, default=0.0)

    return max(totals, key=belief)  # the likeliest shape if none is believed


def _place_drawn(evidence: Evidence, marks: Sequence[Mark], terms: Character) -> DotPlace | None:
    """Say where the dots stand; a wrong place if some do."""
    wanted = evidence.asked.place
    places = [mark_place(mark, evidence.drawing, terms) for mark in marks]
    return next((place for place in places if place != wanted), wanted)


def _dot_hints(evidence: Evidence, drawn: int, place: DotPlace | None) -> tuple[Hint, ...]:
    asked = evidence.asked
    if asked.letter in ALSO_UNDOTTED and not evidence.drawing.marks:
        return ()
    hints: list[Hint] = []
    if drawn != asked.dots:
        hints.append("dots_missing" if drawn < asked.dots else "dots_extra")
    if drawn and asked.place and place != asked.place:
        hints.append("dots_place")
    return tuple(hints)
