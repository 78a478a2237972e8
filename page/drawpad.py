"""DrawPad: the surface to draw on, with mouse, finger or pen."""

from dataclasses import dataclass
from typing import Any

from .part import Part, whole_number

PEN_WIDTHS = (0.025, 0.04, 0.065)  # of the surface's side: fine, medium, broad
PEN_WIDTH = PEN_WIDTHS[1]
LIVE_EVERY = 150  # milliseconds between two readings while the pen moves


@dataclass(frozen=True)
class Drawing:
    """What the browser says was drawn. Nothing in it has been checked but its frame.

    Attributes:
        strokes: Paths, if the browser is ours; anything, if it is a stranger's.
        pen_width: In 0 to 1 of the surface's side.
        turn: Which moment of which drawing it is; the answer carries it back, so that the
            page never shows an old answer to a new drawing.
    """

    strokes: Any
    pen_width: float
    turn: int


class DrawPad(Part):
    """A drawing surface: white paper, undo, redo, clear, three pens, one in hand from the start."""

    def __init__(self, *, keep: bool = False, **settings: Any) -> None:
        """Make a blank sheet.

        Args:
            keep: Whether the browser brings the drawing back when the page is loaded
                again in the same tab, as Gradio does after a lost connection.
            settings: Those of gr.HTML.
        """
        super().__init__(
            "drawpad", pens=list(PEN_WIDTHS), live_every=LIVE_EVERY, keep=keep, **settings
        )

    def preprocess(self, payload: Any) -> Drawing | None:  # type: ignore[override]
        """Take the frame apart; the strokes are checked where they are inked."""
        if not isinstance(payload, dict):
            return None
        pen = payload.get("pen")
        return Drawing(
            # Gradio remembers the last value of every session: taken out, it is forgotten.
            strokes=payload.pop("strokes", None),
            pen_width=pen if isinstance(pen, float) and 0 < pen < 1 else PEN_WIDTH,
            turn=whole_number(payload, "turn") or 0,
        )
