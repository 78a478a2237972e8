"""What an answer rests on, when somebody asks."""

import base64
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from recognizer import Recognizer, RecognizerError
from recognizer.explain import Explanation, Heat, explain
from recognizer.ink import Ink, Square

from .answers import AnswerPanel, Question, dispatch
from .part import Part
from .upload import PICTURES_AT_A_TIME

Answer: TypeAlias = dict[str, Any]


def add_explanations(
    panel: AnswerPanel,
    surface: Part,
    recognizer: Recognizer,
    ink_of: Callable[[Any], Ink],
    view: str,
) -> None:
    """Let visitors ask what the answer in a panel rests on.

    Args:
        panel: Where they ask and are told.
        surface: What is answered.
        recognizer: Who answers.
        ink_of: Turns what the surface holds into ink, or raises what speaks for itself.
        view: The id of the view's element.
    """

    def tell(shown: Any, question: Question | None) -> Answer | None:
        if shown is None or question is None:
            return None
        try:
            ink = ink_of(shown)
            explanation = explain(recognizer.model, ink, rival=question.rival)
        except RecognizerError as error:
            return {"why": {"number": question.number, "error": type(error).__name__}}
        return {"why": {"number": question.number, **_told(explanation, ink)}}

    event = panel.submit(
        tell,
        [surface, panel],
        panel,
        trigger_mode="multiple",  # one that gets no reply must not hold up the next
        show_progress="hidden",
        # It takes as long as a hundred letters and may decode a picture once more.
        concurrency_limit=PICTURES_AT_A_TIME,
        concurrency_id="pictures",
        api_visibility="private",
    )
    event.failure(None, None, None, js=dispatch(view, "harf:unexplained"))


def _told(explanation: Explanation, ink: Ink) -> Answer:
    return {
        "letter": explanation.letter,
        "rival": explanation.rival,
        "part": explanation.part,
        "place": explanation.place,
        "becomes": explanation.becomes,
        "square": _shares(explanation.square, ink),
        "heat": _bytes(explanation.heat),
    }


def _shares(square: Square, ink: Ink) -> list[float]:
    """Return left, top, width and height in shares of the picture, which may have any size."""
    height, width = ink.shape
    return [
        square.left / width,
        square.top / height,
        square.side / width,
        square.side / height,
    ]


def _bytes(heat: Heat) -> str:
    """Return 64×64 bytes, 255 for the hottest ink and 0 where covering does not hurt."""
    scaled = heat.clip(0) * (255 / max(float(heat.max()), 1e-9))
    return base64.b64encode(np.rint(scaled).astype(np.uint8).tobytes()).decode("ascii")
