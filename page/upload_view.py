"""The Upload view: a picture of a letter, and the letter."""

import gradio as gr

from recognizer import Prediction, Recognizer, RecognizerError
from recognizer.ink import Ink
from recognizer.picture import decode, to_ink

from .answers import Answer, AnswerPanel, panel_answer, panel_error, say_when_unanswered
from .correction import add_correction
from .explanations import add_explanations
from .feedback import Keeper
from .upload import PICTURES_AT_A_TIME, SafeImage, Upload


def upload_view(recognizer: Recognizer, keeper: Keeper | None) -> SafeImage:
    """Add the view to the page that is being built; return its place for a picture.

    Args:
        recognizer: Who answers.
        keeper: Who keeps corrections, if anybody does.
    """

    def read(upload: Upload) -> tuple[Prediction, None]:
        return recognizer.recognize(decode(upload.data)), None

    def answer(upload: Upload | None) -> Answer | None:
        if upload is None:
            return None
        try:
            return panel_answer(read(upload)[0], upload.turn)
        except RecognizerError as error:
            return panel_error(error, upload.turn)

    with gr.Row(elem_id="upload", elem_classes="view"):
        picture = SafeImage(label="Picture of one letter", elem_classes="surface")
        panel = AnswerPanel(elem_classes="panel")
        add_correction(keeper, picture, read, "upload")
    event = picture.input(
        answer,
        picture,
        panel,
        trigger_mode="multiple",  # one that gets no reply must not hold up the next
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
