"""A part of the page: markup and behaviour in assets/page, a value that Python sees."""

from typing import Any

import gradio as gr

from . import assets
from .fetching import FetchesNothing

_LOAD = (
    "import(new URL('{url}/{name}.js', document.baseURI))"
    ".then((part) => part.mount(element, {{props, watch, trigger}}));"
)


class Part(FetchesNothing, gr.HTML):
    """An element whose markup is NAME.html and whose behaviour is NAME.js.

    The module's ``mount(element, {props, watch, trigger})`` runs once, when the
    element is there. Markup is never made from values: Gradio compiles it as a
    template, in which a stranger's text would be code.
    """

    def __init__(self, source: str, value: Any = None, **settings: Any) -> None:
        """Make the part.

        Args:
            source: NAME, which the markup and the module share.
            value: What the browser starts with.
            settings: Those of gr.HTML; any other reaches the module as a prop.
        """
        super().__init__(
            value,
            html_template=assets.read(f"{source}.html"),
            js_on_load=_LOAD.format(url=assets.URL, name=source),
            apply_default_css=False,
            **settings,
        )

    def preprocess(self, payload: Any) -> Any:
        """Pass on what the browser sent; whoever can say what it must be, checks it."""
        return payload

    def postprocess(self, value: Any) -> Any:
        """Pass on what the module shows: it is data, put into words in the browser."""
        return value

    def api_info(self) -> dict[str, Any]:
        """Describe the value: whatever the part's module understands."""
        return {"type": "object"}

    def example_payload(self) -> Any:
        """Return no example: only SafeImage is part of the API."""
        return None

    def example_value(self) -> Any:
        """Return no example: only SafeImage is part of the API."""
        return None


def whole_number(payload: dict[str, Any], name: str) -> int | None:
    """Return a number that an answer carries back to the browser; None for anything else."""
    number = payload.get(name)
    # A larger one has no place in the answer's JSON, nor in a number of the browser's.
    return number if isinstance(number, int) and abs(number) < 2**53 else None
