"""Answers as JSON: for callers of the API, and for the panel that shows them."""

import base64
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeAlias

from gradio.events import Dependency

from recognizer import LETTERS, Prediction, RecognizerError
from recognizer.characters import BY_LETTER

from .letters import letter_facts
from .part import Part, whole_number

Answer: TypeAlias = dict[str, Any]

BEST = 5  # candidates in an answer

# A panel hears of a value only when it differs from the one before: a pen that rested before it
# lifts is answered the same twice, and the panel would wait for the second answer in vain.
_numbers = count()


@dataclass(frozen=True)
class Question:
    """Somebody asks what an answer rests on.

    Attributes:
        number: Which question it is; the explanation carries it back.
        rival: The letter against which the answer is to be explained, if any.
    """

    number: int
    rival: str | None


class AnswerPanel(Part):
    """Shows the answer to the drawing or picture beside it."""

    def __init__(self, **settings: Any) -> None:
        """Make a panel that invites; settings are those of gr.HTML."""
        super().__init__("answer", letters=letter_facts(), **settings)

    def preprocess(self, payload: Any) -> Question | None:  # type: ignore[override]
        """Read a question; the browser sends no other value of a panel."""
        asked = payload.get("question") if isinstance(payload, dict) else None
        if not isinstance(asked, dict):
            return None
        rival = asked.get("rival")
        return Question(
            number=whole_number(asked, "number") or 0,
            rival=rival if isinstance(rival, str) and rival in BY_LETTER else None,
        )


def public_answer(prediction: Prediction) -> Answer:
    """Return what the API promises: letter, name, confidence, verdict and the best few."""
    answer = prediction.to_json(BEST)
    del answer["letterness"]
    return answer


def panel_error(error: RecognizerError, turn: int) -> Answer:
    """Return what the panel shows for an error: a sentence of its own, in either language.

    Args:
        error: What kept the answer away.
        turn: Which drawing or picture has none.
    """
    return {"turn": turn, "number": next(_numbers), "error": type(error).__name__}


def panel_answer(prediction: Prediction, turn: int) -> Answer:
    """Return what the panel shows for an answer.

    Args:
        prediction: The answer.
        turn: Which drawing or picture is answered.
    """
    answer = public_answer(prediction)
    for candidate in answer["top"]:
        candidate["arabic_name"] = BY_LETTER[candidate["letter"]].arabic_name
    # Of all letters: somebody may say which one it is ("Not what I wrote").
    shares = {letter: round(share, 4) for letter, share in prediction.top(len(LETTERS))}
    ink = base64.b64encode(prediction.ink.tobytes()).decode("ascii")
    return {"turn": turn, "number": next(_numbers), **answer, "shares": shares, "ink": ink}


def say_when_unanswered(event: Dependency, view: str) -> None:
    """Let the panel of a view say so when the server refuses or fails.

    Args:
        event: What asks for the answer.
        view: The id of the view's element.
    """
    event.failure(None, None, None, js=dispatch(view, "harf:failed"))


def dispatch(view: str, name: str) -> str:
    """Return a function, in JavaScript, that fires an event on the element of a view."""
    return f"() => {{ document.getElementById('{view}').dispatchEvent(new Event('{name}')) }}"
