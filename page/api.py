"""What programs may call: a picture or pen strokes in, the answer as JSON out.

Where Gradio's MCP extra is installed, the same functions are tools, described by their
docstrings: all of the text before Args, but one line of each argument.
"""

from copy import copy
from typing import Any

import gradio as gr
from gradio.components.api_component import Api

from recognizer import Recognizer, RecognizerError
from recognizer.picture import decode
from recognizer.strokes import PEN_WIDTH

from .answers import Answer, public_answer
from .fetching import FetchesNothing
from .letters import letter_facts
from .refusal import Refusal
from .upload import PICTURES_AT_A_TIME, SafeImage, Upload


class Value(FetchesNothing, Api):
    """A plain JSON value that a caller passes or gets; the browser shows nothing of it."""

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
    "description": "[[x0, y0, x1, y1, …], …]",
}
_ANSWER: dict[str, Any] = {"type": "object", "properties": {}}
_LETTERS: dict[str, Any] = {"type": "array", "items": {"type": "object", "properties": {}}}


def add_api(recognizer: Recognizer, picture: SafeImage) -> None:
    """Add /recognize, /recognize_strokes and /letters to the page that is being built.

    Args:
        recognizer: Who answers.
        picture: The component that knows how a picture arrives.
    """

    def recognize(image: Upload | None) -> Answer:
        """Recognise the one Arabic letter in a picture.

        Ink may be dark on light or light on dark, from a pen, a brush or a screen. The
        verdict is "sure", "unsure" (then the letter is one of the first few in "top") or
        "not_a_letter".

        Args:
            image: An uploaded file, or data:image/png;base64,… (PNG, JPEG, WebP, GIF, BMP, TIFF).

        Returns:
            {"letter", "name", "confidence", "verdict", "top": [{"letter", "name", "probability"}]}
        """
        if image is None:
            raise Refusal("Send a picture of one letter.")
        try:
            return public_answer(recognizer.recognize(decode(image.data)))
        except RecognizerError as error:
            raise Refusal(str(error)) from None

    async def recognize_strokes(
        strokes: list[list[float]] | dict[str, Any], pen_width: float = PEN_WIDTH
    ) -> Answer:
        """Recognise the one Arabic letter that pen strokes draw.

        A stroke is the path of the pen from touching the paper to leaving it; a dot may be
        a single point. x grows to the right and y downwards, both from 0 to 1000. The
        verdict is "sure", "unsure" (then the letter is one of the first few in "top") or
        "not_a_letter".

        Args:
            strokes: A list of paths, each [x0, y0, x1, y1, …].
            pen_width: Width of the pen, from 0 to 1 of the surface's side.

        Returns:
            {"letter", "name", "confidence", "verdict", "top": [{"letter", "name", "probability"}]}
        """
        paths = strokes.get("strokes") if isinstance(strokes, dict) else strokes
        if not isinstance(pen_width, int | float) or not 0 < pen_width < 1:
            raise Refusal("pen_width is a number between 0 and 1.")
        try:
            reading = recognizer.recognize_strokes_async(paths, pen_width=pen_width)
            return public_answer(await reading)
        except RecognizerError as error:
            raise Refusal(str(error)) from None

    # No event of the page asks these: only callers of the API do.
    gr.on(
        [],
        recognize,
        picture,
        Value(None, _ANSWER, "answer"),
        api_name="recognize",
        concurrency_limit=PICTURES_AT_A_TIME,
        concurrency_id="pictures",
    )
    gr.on(
        [],
        recognize_strokes,
        [
            Value(None, _PATHS, "strokes"),
            Value(PEN_WIDTH, {"type": "number"}, "pen_width"),
        ],
        Value(None, _ANSWER, "answer"),
        api_name="recognize_strokes",
        # Milliseconds: one plain POST is enough, without the queue and its second request.
        queue=False,
    )
    gr.on([], letters, [], Value(None, _LETTERS, "letters"), api_name="letters", queue=False)


def letters() -> list[dict[str, Any]]:
    """List the 28 Arabic letters that Harf tells apart, in the order of the alphabet.

    Letters with the same "body" are one family and differ by their dots: "dots" says how
    many there are, "place" where: "above", "below", "inside" or null. "ipa" is how the
    letter sounds, "forms" how it is written isolated, initial, medial and final.

    Returns:
        [{"letter", "name", "arabic_name", "code_point", "ipa", "body", "dots", "place", "forms"}]
    """
    return letter_facts()
