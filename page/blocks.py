"""Gradio's Blocks, but whoever sends what no component takes is told so in a sentence."""

from typing import Any, Final

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.queueing import Queue
from gradio.state_holder import SessionState

UNREAD: Final = 200  # answers that are kept for whoever asked; each takes some 40 KB


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

    def queue(self, *settings: Any, **named: Any) -> Any:
        """Queue what is asked, as Gradio does, but keep no answers for those who never fetch them.

        Gradio keeps them for ever: 3,000 a minute of one stranger would take 130 MB.
        """
        super().queue(*settings, **named)
        push = self._queue.push

        async def push_and_forget(*asked: Any, **named: Any) -> Any:
            _forget_unread(self._queue)
            return await push(*asked, **named)

        self._queue.push = push_and_forget  # type: ignore[method-assign]
        return self


def _forget_unread(queue: Queue) -> None:
    """Drop answers that nobody has fetched once they are many, of those first who leave most."""
    unread = {
        session: left
        for session, asked in queue.pending_event_ids_session.items()
        if (left := asked - queue.event_ids_to_events.keys())
    }
    count = sum(map(len, unread.values()))
    for session, left in sorted(unread.items(), key=lambda one: -len(one[1])):
        if count < UNREAD:
            return
        queue.pending_event_ids_session[session] -= left
        # Emptied and not taken away: answers that are still to come have their place.
        messages = queue.pending_messages_per_session.get(session)
        while messages and not messages.empty():
            messages.get_nowait()
        count -= len(left)
