"""“Not what I wrote”: somebody says which letter it is, and may give it away on purpose."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from recognizer import CHARACTERS, Prediction, RecognizerError, StrokesError
from recognizer.characters import BY_LETTER
from recognizer.strokes import Strokes

from .answers import Answer, dispatch
from .drawpad import Drawing
from .feedback import FullError, Keeper
from .limits import address_of
from .part import Part, whole_number
from .upload import PICTURES_AT_A_TIME, Upload


@dataclass(frozen=True)
class Correction:
    """A letter that somebody says it is, and agrees to have kept.

    Attributes:
        letter: One of the 28.
        turn: Which drawing or picture it is about.
    """

    letter: str
    turn: int


class CorrectionControl(Part):
    """A button that opens the choice of the right letter, and asks for consent to keep it."""

    def __init__(self, *, keeps: bool = False, **settings: Any) -> None:
        """Make the button.

        Args:
            keeps: Whether there is somebody to keep what is given.
            settings: Those of gr.HTML.
        """
        names = [[c.letter, c.name, c.arabic_name] for c in CHARACTERS]
        super().__init__("correction", letters=names, keeps=keeps, **settings)

    def preprocess(self, payload: Any) -> Correction | None:  # type: ignore[override]
        """Take a correction that may be kept, and nothing else."""
        if not isinstance(payload, dict) or payload.get("consent") is not True:
            return None
        letter, turn = payload.get("letter"), whole_number(payload, "turn")
        if not isinstance(letter, str) or letter not in BY_LETTER:
            return None
        return Correction(letter, turn) if turn is not None else None


def add_correction(
    keeper: Keeper | None,
    surface: Part,
    read: Callable[[Any], tuple[Prediction, Strokes | None]],
    view: str,
) -> None:
    """Add the control to the view that is being built.

    Args:
        keeper: Who keeps corrections; None leaves them in the browser.
        surface: What holds the drawing or the picture.
        read: Reads it again, with the strokes if there are any: an answer that the
            browser reports could be anything.
        view: The id of the view's element.
    """
    control = CorrectionControl(keeps=keeper is not None, elem_classes="correction")
    if keeper is None:
        return

    def keep(
        given: Drawing | Upload | None, correction: Correction | None, request: gr.Request
    ) -> Answer | None:
        if correction is None:
            return None
        letter, turn = correction.letter, correction.turn
        failed: Answer = {"turn": turn, "id": None}
        if given is None or given.turn != turn:
            return failed
        try:
            prediction, strokes = read(given)
        except RecognizerError:
            return failed
        try:
            giver = address_of(request.request.scope) if request.request else ""
            identity = keeper.keep(prediction, letter, strokes, giver)
        except StrokesError:
            return {**failed, "problem": "too-long"}
        except (FullError, OSError):
            return failed
        return {"turn": turn, "id": identity, "correction": letter}

    event = control.input(
        keep,
        [surface, control],
        control,
        show_progress="hidden",
        # It may be about a large picture, which takes memory to decode.
        concurrency_limit=PICTURES_AT_A_TIME,
        concurrency_id="pictures",
        trigger_mode="multiple",
        api_visibility="private",
    )
    event.failure(None, None, None, js=dispatch(view, "harf:ungiven"))
