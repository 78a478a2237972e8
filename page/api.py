"""What programs may call: a picture or pen strokes in, the answer as JSON out."""

from copy import copy
from typing import Any

import gradio as gr
from gradio.components.api_component import Api

from recognizer import Recognizer, RecognizerError
from recognizer.picture import decode
from recognizer.strokes import PEN_WIDTH

from .answers import Answer, public_answer
from .fetching import FetchesNothing
from .upload import PICTURES_AT_A_TIME, SafeImage, Upload


class Argument(FetchesNothing, Api):
    """A plain JSON value that a caller passes; the browser shows nothing of it."""

    def get_block_name(self) -> str:
        """Return Gradio's name for it: the browser would load a component of ours."""
        return "api"

    def preprocess(self, payload: Any) -> Any:
        """Take the values out: Gradio remembers the payload of every session."""
        if isinstance(payload, list | dict):
            kept = copy(payload)
            payload.clear()
            return kept
        return payload


_PATHS: dict[str, Any] = {
    "type": "array",
    "items": {"type": "array", "items": {"type": "number"}},
    "description": "[[x0, y0, x1, y1, …], …], or the same as {'strokes': [...]}",
}


def add_api(recognizer: Recognizer, picture: SafeImage) -> None:
    """Add /recognize and /recognize_strokes to the page that is being built.

    Args:
        recognizer: Who answers.
        picture: The component that knows how a picture arrives.
    """

    def recognize(image: Upload | None) -> Answer:
        """Recognise the one Arabic letter in a picture.

        Args:
            image: A picture file of one letter: PNG, JPEG, WebP, GIF, BMP or TIFF, at
                most 10 MB and 24 million pixels (WebP: 7), ink dark on light or light on dark.

        Returns:
            {"letter", "name", "confidence", "verdict": "sure" | "unsure" |
            "not_a_letter", "top": [{"letter", "name", "probability"}, …five]}
        """
        if image is None:
            raise gr.Error("Send a picture of one letter.", print_exception=False)
        try:
            return public_answer(recognizer.recognize(decode(image.data)))
        except RecognizerError as error:
            raise gr.Error(str(error), print_exception=False) from None

    def recognize_strokes(
        strokes: list[list[float]] | dict[str, Any], pen_width: float = PEN_WIDTH
    ) -> Answer:
        """Recognise the one Arabic letter that pen strokes draw.

        Args:
            strokes: A list of paths, each [x0, y0, x1, y1, …] from 0 to 1000 across
                and down the drawing surface; or the same as {"strokes": [...]}.
            pen_width: Width of the pen, from 0 to 1 of the surface's side.

        Returns:
            The same as /recognize.
        """
        paths = strokes.get("strokes") if isinstance(strokes, dict) else strokes
        if not isinstance(pen_width, int | float) or not 0 < pen_width < 1:
            raise gr.Error("pen_width is a number between 0 and 1.", print_exception=False)
        try:
            return public_answer(recognizer.recognize_strokes(paths, pen_width=pen_width))
        except RecognizerError as error:
            raise gr.Error(str(error), print_exception=False) from None

    # No event of the page asks these: only callers of the API do.
    gr.on(
        [],
        recognize,
        picture,
        gr.JSON(visible=False),
        api_name="recognize",
        concurrency_limit=PICTURES_AT_A_TIME,
        concurrency_id="pictures",
    )
    gr.on(
        [],
        recognize_strokes,
        [
            Argument(None, _PATHS, "strokes"),
            Argument(PEN_WIDTH, {"type": "number"}, "pen_width"),
        ],
        gr.JSON(visible=False),
        api_name="recognize_strokes",
        concurrency_limit=None,
    )
