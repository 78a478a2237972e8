"""The Practise view: letters are asked for one by one, drawn, and judged in words."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from recognizer import Recognizer, RecognizerError
from recognizer.characters import BY_LETTER
from recognizer.coach import coach
from recognizer.templates import plain_strokes

from .answers import Answer, say_when_unanswered
from .drawpad import Drawing, DrawPad
from .letters import letter_facts
from .part import Part, whole_number

# The browser encrypts what it keeps. The key is no secret: it stays the same, so that
# progress outlives a restart of the server.
_KEPT_AS = "harf-practice"


@dataclass(frozen=True)
class Question:
    """What a learner was asked.

    Attributes:
        letter: The letter to draw, one of LETTERS.
        turn: Which drawing is to be judged; the feedback carries it back.
    """

    letter: str
    turn: int


class QuestionPanel(Part):
    """Asks for a letter, and says what became of it."""

    def __init__(self, **settings: Any) -> None:
        """Make a panel that knows every letter and how it is written."""
        lessons = [{**facts, "strokes": plain_strokes(facts["letter"])} for facts in letter_facts()]
        super().__init__("question", letters=lessons, **settings)

    def preprocess(self, payload: Any) -> Question | None:  # type: ignore[override]
        """Take a question apart; one that the page never asks is none."""
        if not isinstance(payload, dict):
            return None
        letter = payload.get("letter")
        if not isinstance(letter, str) or letter not in BY_LETTER:
            return None
        return Question(letter, whole_number(payload, "turn") or 0)


def practice_view(recognizer: Recognizer) -> None:
    """Add the view to the page that is being built."""

    def judge(drawing: Drawing | None, question: Question | None) -> Answer | None:
        if drawing is None or question is None:
            return None
        try:
            feedback = coach(
                recognizer, drawing.strokes, question.letter, pen_width=drawing.pen_width
            )
        except RecognizerError as error:
            return {"turn": question.turn, "error": type(error).__name__}
        return {"turn": question.turn, **feedback.to_json()}

    with gr.Row(elem_id="practise", elem_classes="view"):
        question = QuestionPanel(elem_classes="question-panel")
        pad = DrawPad(keep=True, elem_classes="surface")
        Part("actions", elem_classes="actions-panel")
        progress = Part("progress", elem_classes="progress-panel")
        kept = gr.BrowserState({}, storage_key=_KEPT_AS, secret=_KEPT_AS)
    event = question.submit(
        judge,
        [pad, question],
        question,
        show_progress="hidden",
        queue=False,
        trigger_mode="multiple",  # a check while another is on its way must not be lost
        api_visibility="private",
    )
    say_when_unanswered(event, "practise")
    # Between the progress that is shown and the browser's memory; the server sees neither.
    kept.change(None, kept, progress, js="(kept) => kept")
    progress.input(None, progress, kept, js="(progress) => progress")
