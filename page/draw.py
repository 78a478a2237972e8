"""The Draw view: a surface to draw on and, as soon as the pen lifts, the letter."""

from typing import Any

import gradio as gr

from recognizer import Prediction, Recognizer, RecognizerError
from recognizer.ink import Ink
from recognizer.strokes import Strokes, check_strokes, strokes_to_ink

from .answers import Answer, AnswerPanel, panel_answer, panel_error, say_when_unanswered
from .correction import add_correction
from .drawpad import Drawing, DrawPad
from .explanations import add_explanations
from .feedback import Keeper


def draw_view(recognizer: Recognizer, keeper: Keeper | None) -> None:
    """Add the view to the page that is being built.

    Args:
        recognizer: Who answers.
        keeper: Who keeps corrections, if anybody does.
    """

    def read(drawing: Drawing) -> tuple[Prediction, Strokes]:
        strokes = check_strokes(drawing.strokes)
        return recognizer.recognize_strokes(strokes, pen_width=drawing.pen_width), strokes

    async def answer(payload: Any) -> Answer | None:
        drawing = pad.preprocess(payload)
        if drawing is None:
            return None
        strokes, pen_width = drawing.strokes, drawing.pen_width
        try:
            prediction = await recognizer.recognize_strokes_async(strokes, pen_width=pen_width)
        except RecognizerError as error:
            return panel_error(error, drawing.turn)
        return panel_answer(prediction, drawing.turn)

    with gr.Row(elem_id="draw", elem_classes="view"):
        pad = DrawPad(keep=True, elem_classes="surface")
        panel = AnswerPanel(elem_classes="panel")
        add_correction(keeper, pad, read, "draw")
    event = pad.input(
        answer,
        pad,
        panel,
        # Were each to wait for the one before, a request without a reply would hold up all.
        trigger_mode="multiple",
        show_progress="hidden",
        # The queue would cost a second request for each answer.
        queue=False,
        # Gradio would do each on a thread, which takes longer than what is done there.
        preprocess=False,
        postprocess=False,
        api_visibility="private",
    )
    say_when_unanswered(event, "draw")
    add_explanations(panel, pad, recognizer, _ink, "draw")


def _ink(drawing: Drawing) -> Ink:
    return strokes_to_ink(check_strokes(drawing.strokes), pen_width=drawing.pen_width)
