"""The Upload view: a picture of a letter, and the letter."""

import gradio as gr

from recognizer import Recognizer
from recognizer.ink import Ink
from recognizer.picture import decode, to_ink

from .answers import Answer, AnswerPanel, panel_answer, say_when_unanswered
from .explanations import add_explanations
from .upload import PICTURES_AT_A_TIME, SafeImage, Upload


def upload_view(recognizer: Recognizer) -> SafeImage:
    """Add the view to the page that is being built; return its place for a picture."""

    def answer(upload: Upload | None) -> Answer | None:
        if upload is None:
            return None
        return panel_answer(lambda: recognizer.recognize(decode(upload.data)), upload.turn)

    with gr.Row(elem_id="upload", elem_classes="view"):
        picture = SafeImage(elem_classes="surface")
        panel = AnswerPanel(elem_classes="panel")
    event = picture.input(
        answer,
        picture,
        panel,
        trigger_mode="always_last",
        show_progress="hidden",
        concurrency_limit=PICTURES_AT_A_TIME,
        concurrency_id="pictures",
        api_visibility="private",
    )
    say_when_unanswered(event, "upload")
    add_explanations(panel, picture, recognizer, _ink, "upload")
    return picture


def _ink(upload: Upload) -> Ink:
    return to_ink(decode(upload.data))
