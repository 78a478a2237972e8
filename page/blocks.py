"""Gradio's Blocks, but whoever sends what no component takes is told so in a sentence."""

import sys
from typing import Any, Final

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.queueing import Queue
from gradio.state_holder import SessionState

UNREAD: Final = 200  # answers that are kept for whoever asked; each takes some 40 KB
LONGEST_NAME: Final = 64  # letters of a session's; Gradio's own have eleven


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

        Gradio keeps them for ever: 3,000 a minute of one stranger would take 130 MB. It also keeps
        the names of all sessions; and from the 2,000th on it drops the oldest, whether or not that
        one still waits, over which its queue stops for everybody.
        """
        super().queue(*settings, **named)
        push = self._queue.push
        self._queue.pending_messages_per_session.max_size = sys.maxsize

        async def push_and_forget(body: Any, *asked: Any, **named: Any) -> Any:
            _forget_unread(self._queue)
            if len(body.session_hash or "") > LONGEST_NAME:
                return False, "The session's name is too long: take a shorter one.", "error"
            return await push(body, *asked, **named)

        self._queue.push = push_and_forget  # type: ignore[method-assign]
        return self


def _forget_unread(queue: Queue) -> None:
    """Drop answers that nobody has fetched once they are many, of those first who leave most.

    And forget the sessions that wait for nothing.
    """
    for session in [name for name, asked in queue.pending_event_ids_session.items() if not asked]:
        del queue.pending_event_ids_session[session]
        queue.pending_messages_per_session.pop(session, None)
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
