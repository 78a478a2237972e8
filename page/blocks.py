"""Gradio's Blocks, but whoever sends what no component takes is told so in a sentence."""

from typing import Any

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.state_holder import SessionState


class Page(gr.Blocks):
    """Blocks that answer a request of a wrong form.

    Gradio itself would answer null and write a traceback, with paths, into the log.
    """

    async def preprocess_data(
        self,
        block_fn: BlockFunction,
        inputs: list[Any],
        state: SessionState | None,
        explicit_call: bool = False,
    ) -> list[Any]:
        """Let each component take its value.

        Raises:
            gr.Error: If there are too few, or one is not what its component takes.
        """
        try:
            taken: list[Any] = await super().preprocess_data(block_fn, inputs, state, explicit_call)
            return taken
        except gr.Error:
            raise
        except Exception:  # whatever a stranger's values make Gradio stumble over
            raise gr.Error(
                "These are not the values that this endpoint takes: /gradio_api/info names them.",
                print_exception=False,
            ) from None
